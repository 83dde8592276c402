/** Adds a process to a localnet that runs: its key, its ports, its place in the state. The supervisor sees the state and starts it. */
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

export async function addProcess(paths: LocalnetPaths, kind: string): Promise<ProcessState> {
  const before = readLocalnetState(paths)!;
  const name = nextName(
    kind,
    before.processes.map((process) => process.name),
  );
  const { sets, letGo } = await choosePorts(before.portMode, [portWish({ name, kind })]);
  await letGo();
  const process = await addKey(paths.folder, { name, kind, ports: sets[0] as ProcessPorts });
  const current = readLocalnetState(paths)!;
  writeLocalnetState(paths.stateFile, { ...current, processes: [...current.processes, process] });
  return process;
}
