/**
 * Every block from a cursor on, each exactly once and in order. It is driven by heights, so a dropped connection, a slow node or
 * a restart neither loses nor repeats a block.
 */
import { R3mesError } from "@r3mes/protocol";
import type { ChainRpc, ExecutionResult, RawEvent } from "../rpc/chainRpc.ts";

export interface FollowOptions {
  /** First height that is wanted. */
  readonly from: bigint;
  readonly pollMs: number;
  readonly signal?: AbortSignal;
}

export interface FollowDeps {
  readonly rpc: Pick<ChainRpc, "status" | "block" | "blockResults">;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface FollowedBlock {
  readonly height: bigint;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly transactions: readonly {
    readonly bytes: Uint8Array;
    readonly result: ExecutionResult;
  }[];
  readonly blockEvents: readonly RawEvent[];
}

/** Ends only by the signal. An unreachable node is waited for; pruned or reset history is an error, never a gap. */
export async function* followBlocks(
  options: FollowOptions,
  deps: FollowDeps,
): AsyncGenerator<FollowedBlock, void, undefined> {
  let next = options.from;
  let earlier: bigint | undefined;
  for (;;) {
    const status = await whenReachable(options, deps, () => deps.rpc.status());
    if (status === undefined) return;
    if (earlier !== undefined && status.latestHeight < earlier - 1n) {
      throw new R3mesError({ code: "CHAIN_WENT_BACK", seen: earlier, latest: status.latestHeight });
    }
    earlier = status.latestHeight;
    if (next < status.earliestHeight && next <= status.latestHeight) {
      throw new R3mesError({
        code: "BLOCKS_PRUNED",
        wanted: next,
        earliest: status.earliestHeight,
      });
    }
    while (next <= status.latestHeight) {
      const height = next;
      const block = await whenReachable(options, deps, () => readBlock(deps.rpc, height));
      if (block === undefined) return;
      yield block;
      next += 1n;
    }
    await deps.sleep(options.pollMs, options.signal);
    if (options.signal?.aborted) return;
  }
}

async function readBlock(rpc: FollowDeps["rpc"], height: bigint): Promise<FollowedBlock> {
  const [block, results] = await Promise.all([rpc.block(height), rpc.blockResults(height)]);
  if (block.transactions.length !== results.transactions.length) {
    throw new R3mesError({
      code: "NODE_ANSWERED_ERROR",
      answer: `block ${height} has ${block.transactions.length} transactions and ${results.transactions.length} results`,
    });
  }
  return {
    height,
    time: block.time,
    transactions: block.transactions.map((bytes, i) => ({
      bytes,
      result: results.transactions[i]!,
    })),
    blockEvents: results.blockEvents,
  };
}

/** What the node will get over by itself. */
const passing: ReadonlySet<string> = new Set(["NODE_UNREACHABLE", "BLOCK_NOT_READY"]);

/** Undefined when the signal ended the wait. */
async function whenReachable<T>(
  options: FollowOptions,
  deps: FollowDeps,
  call: () => Promise<T>,
): Promise<T | undefined> {
  for (;;) {
    if (options.signal?.aborted) return undefined;
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof R3mesError) || !passing.has(error.code)) throw error;
      await deps.sleep(options.pollMs, options.signal);
    }
  }
}
