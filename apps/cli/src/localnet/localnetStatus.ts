/** What is known of a running localnet: the answer of `status --json`, and what the board shows. */
import { readNodeStatus } from "../chain/readNodeStatus.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import type { LocalnetState } from "./localnetState.ts";
import { type LocalnetUrls, localnetUrls } from "./localnetUrls.ts";
import type { ProcessReport } from "./processSpec.ts";
import type { TrainingStatus } from "./readTraining.ts";

export type LocalnetStatus = {
  readonly chainId: string;
  /** Null when no node answers. */
  readonly height: number | null;
  /** Time in the header of the newest block, milliseconds since 1970 (UTC). */
  readonly blockTimeMs: number | null;
  readonly peers: number | null;
  readonly startedAtMs: number;
  readonly processes: readonly ProcessReport[];
  readonly urls: LocalnetUrls;
  readonly home: string;
  readonly logs: string;
} & TrainingStatus;

/** Before anything of the training is known. */
export const noTraining: TrainingStatus = {
  pools: [],
  disputes: [],
  earned: [],
  silent: [],
  compute: null,
};

/** `training` was read before: it is asked for less often than a height. */
export async function readLocalnetStatus(
  state: LocalnetState,
  paths: LocalnetPaths,
  run: { readonly startedAtMs: number; readonly processes: readonly ProcessReport[] },
  training: TrainingStatus,
): Promise<LocalnetStatus> {
  const node = await readNodeStatus(state.validators[0]!);
  return {
    chainId: state.chainId,
    height: node?.height ?? null,
    blockTimeMs: node?.blockTimeMs ?? null,
    peers: node?.peers ?? null,
    startedAtMs: run.startedAtMs,
    processes: run.processes,
    urls: localnetUrls(state),
    home: paths.home,
    logs: paths.logs,
    ...training,
  };
}
