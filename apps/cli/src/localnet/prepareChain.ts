/**
 * Brings the localnet's folder into the form in which it can start: the state of the last run, or a
 * new chain with a key for every process, with ports that are free now.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { fileFailure, writeWhole } from "@r3mes/service/command";
import { createSwarmKey } from "@r3mes/storage";
import { configureNodes } from "../chain/configureNodes.ts";
import { createChain, localChainId } from "../chain/createChain.ts";
import { kuboName } from "../kubo/kuboName.ts";
import { founderName } from "../processes/founderProcess.ts";
import { prepareKey } from "../processes/participantFiles.ts";
import { type PlannedProcess, portWish } from "../processes/planProcesses.ts";
import { kindOf } from "../processes/processKinds.ts";
import type { Storage } from "../settings.ts";
import { choosePorts, defaultPorts, type PortMode, type PortWish } from "./choosePorts.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import {
  type LocalnetState,
  type NodePorts,
  type ProcessPorts,
  type ProcessState,
  readLocalnetState,
  writeLocalnetState,
} from "./localnetState.ts";

export type ChainOptions = {
  readonly remesd: string;
  readonly blockTimeMs: number;
  /** For a new chain. */
  readonly validators: number;
  /** True when the user named a number, so that another one than the chain's is an error. */
  readonly validatorsNamed: boolean;
  /** Beside the validators, for a new chain. */
  readonly processes: readonly PlannedProcess[];
  /** Where the user wants the content kept, so that another place than the localnet's is an error. */
  readonly storage?: Storage;
  /** Undefined keeps the mode of the last start. */
  readonly portMode: PortMode | undefined;
};

export async function prepareChain(
  paths: LocalnetPaths,
  options: ChainOptions,
  onStep: (text: string) => void,
): Promise<LocalnetState> {
  const found = readLocalnetState(paths);
  try {
    const state = found === null ? await create() : await resume(found);
    configureNodes(paths.folder, state, options.blockTimeMs);
    return state;
  } catch (error) {
    throw fileFailure(error, paths.home);
  }

  async function create(): Promise<LocalnetState> {
    const portMode = options.portMode ?? "default";
    const validatorWishes = Array.from({ length: options.validators }, (_, i) => validatorWish(i));
    const chosen = await choosePorts(portMode, [
      ...validatorWishes,
      ...options.processes.map(portWish),
    ]);
    onStep(`setting up a new chain, ${localChainId}`);
    // Built aside and moved into place when whole: a set-up that is killed leaves no half chain.
    rmSync(paths.unfinished, { recursive: true, force: true });
    mkdirSync(paths.unfinished, { mode: 0o700 });
    const processes: ProcessState[] = [];
    for (const [i, planned] of options.processes.entries()) {
      const ports = chosen[options.validators + i] as ProcessPorts;
      processes.push(await addKey(paths.unfinished, { ...planned, ports }));
    }
    const founder = processes.find(({ name }) => name === founderName)?.address;
    const plan = {
      remesd: options.remesd,
      folder: paths.unfinished,
      ports: chosen.slice(0, options.validators).map((ports) => ports as NodePorts),
      accounts: new Map(founder === undefined ? [] : [[founder, founderUremes]]),
    };
    const validators = [...(await createChain(plan, onStep))];
    const state: LocalnetState = {
      version: 2,
      chainId: localChainId,
      portMode,
      validators,
      processes,
    };
    writeWhole(join(paths.unfinished, "swarm.key"), createSwarmKey(randomBytes(32)));
    writeLocalnetState(join(paths.unfinished, "localnet.json"), state);
    rmSync(paths.folder, { recursive: true, force: true });
    renameSync(paths.unfinished, paths.folder);
    return state;
  }

  async function resume(before: LocalnetState): Promise<LocalnetState> {
    const count = before.validators.length;
    if (options.validatorsNamed && options.validators !== count) {
      throw new R3mesError({
        code: "LOCALNET_VALIDATORS_FIXED",
        found: count,
        asked: options.validators,
      });
    }
    const storage = before.processes.some(({ kind }) => kind === kuboName) ? "kubo" : "helia";
    const asked = options.storage ?? storage;
    if (asked !== storage) {
      throw new R3mesError({ code: "LOCALNET_STORAGE_FIXED", found: storage, asked });
    }
    const portMode = options.portMode ?? before.portMode;
    const chosen = await choosePorts(portMode, [
      ...before.validators.map(({ ports }, i) => ({ ...validatorWish(i), remembered: ports })),
      ...before.processes.map((process) => ({ ...portWish(process), remembered: process.ports })),
    ]);
    const validators = before.validators.map((node, i) => ({
      ...node,
      ports: chosen[i] as NodePorts,
    }));
    const processes = before.processes.map((process, i) => ({
      ...process,
      ports: chosen[count + i] as ProcessPorts,
    }));
    const state: LocalnetState = { ...before, portMode, validators, processes };
    writeLocalnetState(paths.stateFile, state);
    return state;
  }
}

/** A tenth of the supply: enough to fund pools and participants for a long time. */
const founderUremes = 100_000_000_000_000n;

function validatorWish(index: number): PortWish {
  return { defaults: defaultPorts(index) };
}

/** A process that signs gets its key before anything runs, so that others know its address. */
export async function addKey(folder: string, process: ProcessState): Promise<ProcessState> {
  if (!kindOf(process.kind)?.hasKey) return process;
  return { ...process, address: await prepareKey(join(folder, process.name)) };
}
