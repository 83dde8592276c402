/**
 * Every block from a cursor on, each exactly once and in order. It is driven by heights, so a dropped connection, a slow node or
 * a restart neither loses nor repeats a block.
 */
import { equalBytes, R3mesError } from "@r3mes/protocol";
import type { ChainRpc, ExecutionResult, RawEvent } from "../rpc/chainRpc.ts";

export interface FollowOptions {
  /** First height that is wanted. */
  readonly from: bigint;
  readonly pollMs: number;
  /** Blocks that are asked for at once while the node is ahead; 1 by default. */
  readonly ahead?: number;
  readonly signal?: AbortSignal;
}

export interface FollowDeps {
  readonly rpc: Pick<ChainRpc, "status" | "block" | "blockResults">;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export interface FollowedBlock {
  readonly height: bigint;
  readonly hash: Uint8Array;
  /** Hash of the block before; empty for the first. */
  readonly parentHash: Uint8Array;
  readonly proposer: Uint8Array;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly transactions: readonly {
    readonly bytes: Uint8Array;
    readonly result: ExecutionResult;
  }[];
  readonly blockEvents: readonly RawEvent[];
}

/** Behind one address there may be several nodes, and one that is some blocks behind another catches up; one of a chain begun anew does not. */
const behindMsMax = 60_000;
/** One of them that has pruned a block says nothing of the others, one of which is asked next. */
const prunedAsksMax = 20;

/** Ends only by the signal. A node that is unreachable or behind is waited for; pruned or reset history is an error, never a gap. */
export async function* followBlocks(
  options: FollowOptions,
  deps: FollowDeps,
): AsyncGenerator<FollowedBlock, void, undefined> {
  let next = options.from;
  let earlier: bigint | undefined;
  /** Hash of the newest block that was given. */
  let last: Uint8Array | undefined;
  let behindMs = 0;
  let prunedAsks = 0;
  /** A chain that was begun anew has other blocks, also once it is as long. */
  let mustFollow = false;
  for (;;) {
    const status = await whenReachable(options, deps, () => deps.rpc.status());
    if (status === undefined) return;
    if (earlier !== undefined && status.latestHeight < earlier - 1n) {
      if (behindMs >= behindMsMax) {
        const { latestHeight: latest } = status;
        throw new R3mesError({ code: "CHAIN_WENT_BACK", seen: earlier, latest });
      }
      mustFollow = true;
      behindMs += options.pollMs;
      await deps.sleep(options.pollMs, options.signal);
      continue;
    }
    behindMs = 0;
    earlier = status.latestHeight;
    if (next < status.earliestHeight && next <= status.latestHeight) {
      prunedAsks += 1;
      if (prunedAsks >= prunedAsksMax) {
        const { earliestHeight: earliest } = status;
        throw new R3mesError({ code: "BLOCKS_PRUNED", wanted: next, earliest });
      }
      await deps.sleep(options.pollMs, options.signal);
      continue;
    }
    prunedAsks = 0;
    const underWay: Promise<FollowedBlock | undefined>[] = [];
    for (let asked = next; next <= status.latestHeight; next += 1n) {
      for (; asked <= status.latestHeight && underWay.length < (options.ahead ?? 1); asked += 1n) {
        underWay.push(ask(options, deps, asked));
      }
      const block = await underWay.shift();
      if (block === undefined) return;
      if (mustFollow && last !== undefined && !equalBytes(block.parentHash, last)) {
        throw new R3mesError({ code: "CHAIN_WENT_BACK", seen: earlier, latest: block.height });
      }
      mustFollow = false;
      last = block.hash;
      yield block;
    }
    await deps.sleep(options.pollMs, options.signal);
    if (options.signal?.aborted) return;
  }
}

/** A block that is asked for early may fail early: whoever takes it hears of it then, and nobody before. */
function ask(
  options: FollowOptions,
  deps: FollowDeps,
  height: bigint,
): Promise<FollowedBlock | undefined> {
  const block = whenReachable(options, deps, () => readBlock(deps.rpc, height));
  block.catch(() => undefined);
  return block;
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
    hash: block.hash,
    parentHash: block.parentHash,
    proposer: block.proposer,
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
  for (let prunedAsks = 0; ; ) {
    if (options.signal?.aborted) return undefined;
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof R3mesError)) throw error;
      if (error.code === "BLOCKS_PRUNED") prunedAsks += 1;
      else if (!passing.has(error.code)) throw error;
      if (prunedAsks >= prunedAsksMax) throw error;
      await deps.sleep(options.pollMs, options.signal);
    }
  }
}
