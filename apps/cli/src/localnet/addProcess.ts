/** Adds a process to a localnet that runs: its key, its ports, its place in the state. The supervisor sees the state and starts it. */
import { acquireLock, type Clock } from "@r3mes/service";
import { nextName, portWish } from "../processes/planProcesses.ts";
import { choosePorts } from "./choosePorts.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import {
  type ProcessPorts,
  type ProcessState,
  readLocalnetState,
  writeLocalnetState,
} from "./localnetState.ts";
import { addKey } from "./prepareChain.ts";

/** Of those that add at the same time each finds what the one before it has written. */
export async function addProcess(
  paths: LocalnetPaths,
  kind: string,
  clock: Pick<Clock, "sleep">,
): Promise<ProcessState> {
  const release = await takeTurn(paths.addLockFile, clock);
  try {
    const state = readLocalnetState(paths)!;
    const name = nextName(
      kind,
      state.processes.map((process) => process.name),
    );
    const { sets, letGo } = await choosePorts(state.portMode, [portWish({ name, kind })]);
    await letGo();
    const process = await addKey(paths.folder, { name, kind, ports: sets[0] as ProcessPorts });
    writeLocalnetState(paths.stateFile, { ...state, processes: [...state.processes, process] });
    return process;
  } finally {
    release();
  }
}

const askAgainMs = 50;

/** A turn is a key and some ports long, and ends with its process. */
async function takeTurn(path: string, clock: Pick<Clock, "sleep">): Promise<() => void> {
  const taken = new Error("another adds a process");
  for (;;) {
    try {
      return acquireLock(path, () => taken);
    } catch (error) {
      if (error !== taken) throw error;
    }
    await clock.sleep(askAgainMs);
  }
}
