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
import {
  type ChosenPorts,
  choosePorts,
  defaultPorts,
  type PortMode,
  type PortWish,
} from "./choosePorts.ts";
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

export type PreparedChain = {
  readonly state: LocalnetState;
  /** Its ports are held until the process that listens there is about to start. */
  readonly letGo: ChosenPorts["letGo"];
};

export async function prepareChain(
  paths: LocalnetPaths,
  options: ChainOptions,
  onStep: (text: string) => void,
): Promise<PreparedChain> {
  const found = readLocalnetState(paths);
  if (found !== null) requireSame(found, options);
  const portMode = options.portMode ?? found?.portMode ?? "default";
  const ports = await choosePorts(
    portMode,
    found === null ? firstWishes(options) : laterWishes(found),
  );
  const settled = { portMode, ports: ports.sets };
  try {
    const state =
      found === null
        ? await createState(paths, options, settled, onStep)
        : resumeState(paths, found, settled);
    configureNodes(paths.folder, state, options.blockTimeMs);
    return { state, letGo: ports.letGo };
  } catch (error) {
    await ports.letGo();
    throw fileFailure(error, paths.home);
  }
}

type Settled = { readonly portMode: PortMode; readonly ports: ChosenPorts["sets"] };

function firstWishes({ validators, processes }: ChainOptions): readonly PortWish[] {
  const nodes = Array.from({ length: validators }, (_, i) => validatorWish(i));
  return [...nodes, ...processes.map(portWish)];
}

function laterWishes({ validators, processes }: LocalnetState): readonly PortWish[] {
  return [
    ...validators.map(({ ports }, i) => ({ ...validatorWish(i), remembered: ports })),
    ...processes.map((process) => ({ ...portWish(process), remembered: process.ports })),
  ];
}

function validatorWish(index: number): PortWish {
  return { defaults: defaultPorts(index) };
}

/** What was named for a chain that is there already must be so. */
function requireSame(found: LocalnetState, options: ChainOptions): void {
  const count = found.validators.length;
  if (options.validatorsNamed && options.validators !== count) {
    throw new R3mesError({
      code: "LOCALNET_VALIDATORS_FIXED",
      found: count,
      asked: options.validators,
    });
  }
  const storage = found.processes.some(({ kind }) => kind === kuboName) ? "kubo" : "helia";
  const asked = options.storage ?? storage;
  if (asked !== storage) {
    throw new R3mesError({ code: "LOCALNET_STORAGE_FIXED", found: storage, asked });
  }
}

/** Built aside and moved into place when whole: a set-up that is killed leaves no half chain. */
async function createState(
  paths: LocalnetPaths,
  options: ChainOptions,
  { portMode, ports }: Settled,
  onStep: (text: string) => void,
): Promise<LocalnetState> {
  onStep(`setting up a new chain, ${localChainId}`);
  rmSync(paths.unfinished, { recursive: true, force: true });
  mkdirSync(paths.unfinished, { mode: 0o700 });
  const count = options.validators;
  const processes: ProcessState[] = [];
  for (const [i, planned] of options.processes.entries()) {
    const own = ports[count + i] as ProcessPorts;
    processes.push(await addKey(paths.unfinished, { ...planned, ports: own }));
  }
  const founder = processes.find(({ name }) => name === founderName)?.address;
  const plan = {
    remesd: options.remesd,
    folder: paths.unfinished,
    ports: ports.slice(0, count).map((own) => own as NodePorts),
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

function resumeState(
  paths: LocalnetPaths,
  found: LocalnetState,
  { portMode, ports }: Settled,
): LocalnetState {
  const count = found.validators.length;
  const validators = found.validators.map((node, i) => ({
    ...node,
    ports: ports[i] as NodePorts,
  }));
  const processes = found.processes.map((process, i) => ({
    ...process,
    ports: ports[count + i] as ProcessPorts,
  }));
  const state: LocalnetState = { ...found, portMode, validators, processes };
  writeLocalnetState(paths.stateFile, state);
  return state;
}

/** A tenth of the supply: enough to fund pools and participants for a long time. */
const founderUremes = 100_000_000_000_000n;

/** A process that signs gets its key before anything runs, so that others know its address. */
export async function addKey(folder: string, process: ProcessState): Promise<ProcessState> {
  if (!kindOf(process.kind)?.hasKey) return process;
  return { ...process, address: await prepareKey(join(folder, process.name)) };
}
