/**
 * Brings the chain's folder into the form in which it can start: the state of the last run, or a
 * new chain, with ports that are free now.
 */
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { configureNodes } from "../chain/configureNodes.ts";
import { createChain, localChainId } from "../chain/createChain.ts";
import { choosePorts, type PortMode } from "./choosePorts.ts";
import { fileFailure } from "./fileFailure.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import { type LocalnetState, readLocalnetState, writeLocalnetState } from "./localnetState.ts";

export type ChainOptions = {
  readonly remesd: string;
  readonly blockTimeMs: number;
  /** For a new chain. */
  readonly validators: number;
  /** True when the user named a number, so that another one than the chain's is an error. */
  readonly validatorsNamed: boolean;
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
    const ports = await choosePorts(portMode, options.validators);
    onStep(`setting up a new chain, ${localChainId}`);
    // Built aside and moved into place when whole: a set-up that is killed leaves no half chain.
    rmSync(paths.unfinished, { recursive: true, force: true });
    mkdirSync(paths.unfinished, { mode: 0o700 });
    const plan = { remesd: options.remesd, folder: paths.unfinished, ports };
    const validators = [...(await createChain(plan, onStep))];
    const state: LocalnetState = { version: 1, chainId: localChainId, portMode, validators };
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
    const portMode = options.portMode ?? before.portMode;
    const remembered = before.validators.map(({ ports }) => ports);
    const ports = await choosePorts(portMode, count, remembered);
    const validators = before.validators.map((node, index) => ({ ...node, ports: ports[index]! }));
    const state: LocalnetState = { ...before, portMode, validators };
    writeLocalnetState(paths.stateFile, state);
    return state;
  }
}
