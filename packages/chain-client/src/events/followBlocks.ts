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
  let seen: bigint | undefined;
  /** Hash of the newest block that was given. */
  let last: Uint8Array | undefined;
  /** A chain that was begun anew has other blocks, also once it is as long. */
  let mustFollow = false;
  for (;;) {
    const reached = await reachBlock(options, deps, { wanted: next, seen });
    if (reached === undefined) return;
    const { latest } = reached;
    seen = latest;
    mustFollow ||= reached.wasBehind;
    for await (const block of blocksBetween(options, deps, next, latest)) {
      if (mustFollow && last !== undefined && !equalBytes(block.parentHash, last)) {
        throw new R3mesError({ code: "CHAIN_WENT_BACK", seen, latest: block.height });
      }
      mustFollow = false;
      last = block.hash;
      next = block.height + 1n;
      yield block;
    }
    if (options.signal?.aborted) return;
    await deps.sleep(options.pollMs, options.signal);
  }
}

/**
 * The newest height, once the node is not behind what was seen of it and, if it is so far, has the wanted block. Undefined when the signal
 * ended the wait.
 */
async function reachBlock(
  options: FollowOptions,
  deps: FollowDeps,
  place: { readonly wanted: bigint; readonly seen: bigint | undefined },
): Promise<{ readonly latest: bigint; readonly wasBehind: boolean } | undefined> {
  const { wanted } = place;
  let { seen } = place;
  let behindMs = 0;
  let prunedAsks = 0;
  let wasBehind = false;
  for (;;) {
    const status = await whenReachable(options, deps, () => deps.rpc.status());
    if (status === undefined) return undefined;
    const { earliestHeight: earliest, latestHeight: latest } = status;
    if (seen !== undefined && latest < seen - 1n) {
      if (behindMs >= behindMsMax) throw new R3mesError({ code: "CHAIN_WENT_BACK", seen, latest });
      behindMs += options.pollMs;
      wasBehind = true;
    } else if (wanted < earliest && wanted <= latest) {
      prunedAsks += 1;
      if (prunedAsks >= prunedAsksMax) {
        throw new R3mesError({ code: "BLOCKS_PRUNED", wanted, earliest });
      }
      behindMs = 0;
      seen = latest;
    } else {
      return { latest, wasBehind };
    }
    await deps.sleep(options.pollMs, options.signal);
  }
}

/** Both ends are given. Ends early when the signal did. */
async function* blocksBetween(
  options: FollowOptions,
  deps: FollowDeps,
  first: bigint,
  last: bigint,
): AsyncGenerator<FollowedBlock, void, undefined> {
  const ahead = options.ahead ?? 1;
  const underWay: Promise<FollowedBlock | undefined>[] = [];
  let asked = first;
  for (let height = first; height <= last; height += 1n) {
    for (; asked <= last && underWay.length < ahead; asked += 1n) {
      underWay.push(ask(options, deps, asked));
    }
    const block = await underWay.shift();
    if (block === undefined) return;
    yield block;
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
