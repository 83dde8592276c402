/** What is known of a running localnet: the answer of `status --json`, and what the board shows. */
import { readNodeStatus } from "../chain/readNodeStatus.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import type { LocalnetState } from "./localnetState.ts";
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

/** Of the first validator. */
export type LocalnetUrls = { readonly rpc: string; readonly rest: string; readonly grpc: string };

/** Before anything of the training is known. */
export const noTraining: TrainingStatus = { pools: [], disputes: [], earned: [] };

/** `training` was read before: it is asked for less often than a height. */
export async function readLocalnetStatus(
  state: LocalnetState,
  paths: LocalnetPaths,
  run: { readonly startedAtMs: number; readonly processes: readonly ProcessReport[] },
  training: TrainingStatus,
): Promise<LocalnetStatus> {
  const node = await readNodeStatus(state.validators[0]!.ports.rpc);
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

export function localnetUrls({ validators }: LocalnetState): LocalnetUrls {
  const { rpc, rest, grpc } = validators[0]!.ports;
  return {
    rpc: `http://127.0.0.1:${rpc}`,
    rest: `http://127.0.0.1:${rest}`,
    grpc: `127.0.0.1:${grpc}`,
  };
}
