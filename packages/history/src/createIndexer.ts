/**
 * Follows the chain from the cursor on and writes whole blocks with everything that follows from them: one a transaction at the
 * chain's head, many while the index is behind. It decides nothing: what is in the tables follows from the blocks alone, so reading
 * them again, in whatever pieces, gives the same tables.
 */
import { type ChainRpc, type FollowedBlock, followBlocks } from "@r3mes/chain-client";
import { type Database, isDatabaseAway } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import type { Logger } from "@r3mes/service";
import { applyBlock } from "./apply/applyBlock.ts";
import { putFounding } from "./apply/putFounding.ts";
import { queryRecords, type Records } from "./apply/records.ts";
import { checkChain, type KnownChain } from "./checkChain.ts";
import { type DecodedBlock, decodeBlock } from "./decode/decodeBlock.ts";
import { readCursor } from "./readCursor.ts";
import { createRowStore, type RowStore } from "./write/createRowStore.ts";

export type IndexerOptions = {
  readonly pollMs: number;
  /** Blocks that are asked for at once while the index is behind. */
  readonly ahead?: number;
  /** Blocks that are written at once at most, while the index is behind. */
  readonly batchMax?: number;
};

export type IndexerDeps = {
  readonly rpc: Pick<ChainRpc, "status" | "block" | "blockResults" | "query">;
  readonly database: Database;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Hears of each block that has been written, and of how long its share of that took. */
  readonly onBlock?: (block: IndexedBlock) => void;
  /** Where records come from that events only name; the node by default. */
  readonly records?: Records;
};

export type IndexedBlock = {
  readonly height: number;
  readonly timeMs: number;
  readonly seconds: number;
};

export type Indexer = {
  /** Ends with the signal, or rejects: what it rejects with does not pass by itself. */
  readonly run: (signal: AbortSignal) => Promise<void>;
};

const databaseRetryMs = 5_000;
const defaultAhead = 64;
const defaultBatchMax = 256;
/** Bytes of transactions and events that one write holds, give or take a block. */
const batchBytesMax = 4 << 20;

export function createIndexer(options: IndexerOptions, deps: IndexerDeps): Indexer {
  const records = deps.records ?? queryRecords(deps.rpc);

  async function index(signal: AbortSignal): Promise<void> {
    const start = await whenReachable(options, deps, signal, () =>
      checkChain(deps.database, deps.rpc),
    );
    if (start === undefined) return;
    const { chainId, cursor } = start;
    deps.log.info({ chain: chainId, from: (cursor?.height ?? 0) + 1 }, "indexing");
    await follow(start, options, { ...deps, records }, signal);
  }

  return {
    async run(signal) {
      for (;;) {
        try {
          return await index(signal);
        } catch (error) {
          if (!isDatabaseAway(error)) {
            // Tables that a later build has migrated refuse what this one writes: that is why, whatever the database says.
            await readCursor(deps.database);
            throw error;
          }
          // Whether the last write took effect is not known: the cursor says.
          const { cause = error } = error as Error;
          deps.log.warn({ reason: String(cause) }, "the database refuses; begun again in a while");
          await deps.sleep(databaseRetryMs, signal);
          if (signal.aborted) return;
        }
      }
    },
  };
}

async function follow(
  { chainId, cursor }: KnownChain,
  { pollMs, ahead = defaultAhead, batchMax = defaultBatchMax }: IndexerOptions,
  deps: IndexerDeps & { readonly records: Records },
  signal: AbortSignal,
): Promise<void> {
  const rows = createRowStore(deps.database, { isEmpty: cursor === undefined });
  const from = BigInt((cursor?.height ?? 0) + 1);
  const { rpc, head } = watchHead(deps.rpc);
  let parent = cursor?.hash;
  let isFirst = cursor === undefined;
  const batch = createBatch(batchMax);
  for await (const followed of followBlocks({ from, pollMs, ahead, signal }, { ...deps, rpc })) {
    const startedAt = performance.now();
    const block = decodeBlock(followed);
    if (refuseReset(block, parent)) {
      deps.log.info({ from: block.height }, "the chain goes on from a state that was exported");
    }
    parent = block.hash;
    batch.add(block, bytesOf(followed), performance.now() - startedAt);
    if (followed.height < head() && !batch.isFull()) continue;
    const done = await whenReachable({ pollMs }, deps, signal, async () => {
      await writeBlocks({ chainId, blocks: batch.blocks(), isFirst }, rows, deps.records);
      return true;
    });
    if (done === undefined) return;
    isFirst = false;
    for (const indexed of batch.take()) deps.onBlock?.(indexed);
  }
}

/** The node, and the last height that it named. */
function watchHead(rpc: IndexerDeps["rpc"]) {
  let latest = 0n;
  const watched: Pick<ChainRpc, "status" | "block" | "blockResults"> = {
    async status() {
      const status = await rpc.status();
      latest = status.latestHeight;
      return status;
    },
    block: (height) => rpc.block(height),
    blockResults: (height) => rpc.blockResults(height),
  };
  return { rpc: watched, head: () => latest };
}

/**
 * True for the first block of a chain that was begun from an exported state: it names no block before it, and its height goes on where
 * the state was taken, so what the tables hold is still so.
 */
function refuseReset(block: DecodedBlock, parent: string | undefined): boolean {
  const { height, parentHash: found } = block;
  if (parent === undefined || found === parent) return false;
  if (found === "") return true;
  throw new R3mesError({ code: "INDEX_CHAIN_RESET", height: height - 1, indexed: parent, found });
}

/** What a block weighs in a batch: a block without transactions may still have thousands of events. */
function bytesOf({ transactions, blockEvents }: FollowedBlock): number {
  let bytes = 0;
  for (const transaction of transactions) bytes += transaction.bytes.length;
  for (const { attributes } of [
    ...transactions.flatMap(({ result }) => result.events),
    ...blockEvents,
  ]) {
    for (const { key, value } of attributes) bytes += key.length + value.length;
  }
  return bytes;
}

/** Blocks that wait to be written together. */
function createBatch(blocksMax: number) {
  let blocks: DecodedBlock[] = [];
  let bytes = 0;
  let startedAt = 0;
  return {
    add(block: DecodedBlock, blockBytes: number, decodedMs: number) {
      if (blocks.length === 0) startedAt = performance.now() - decodedMs;
      blocks.push(block);
      bytes += blockBytes;
    },
    blocks: (): readonly DecodedBlock[] => blocks,
    isFull: () => blocks.length >= blocksMax || bytes >= batchBytesMax,
    /** What was written, once it has been. */
    take(): readonly IndexedBlock[] {
      const seconds = (performance.now() - startedAt) / 1_000 / blocks.length;
      const indexed = blocks.map(({ height, timeMs }) => ({ height, timeMs, seconds }));
      blocks = [];
      bytes = 0;
      return indexed;
    },
  };
}

/** Blocks that are written in one transaction. */
interface Written {
  readonly chainId: string;
  readonly blocks: readonly DecodedBlock[];
  /** The tables hold nothing of this chain yet. */
  readonly isFirst: boolean;
}

async function writeBlocks(
  { chainId, blocks, isFirst }: Written,
  rows: RowStore,
  records: Records,
): Promise<void> {
  try {
    if (isFirst) putFounding(await records.founding(), rows);
    for (const block of blocks) await applyBlock(chainId, block, rows, records);
    await rows.flush({ first: blocks[0]!.height, last: blocks.at(-1)!.height });
  } catch (error) {
    // Blocks that could not be finished are begun again from what the database has.
    rows.discard();
    throw error;
  }
}

/** A node that does not answer is waited for; undefined when the signal ended the wait. */
async function whenReachable<T>(
  { pollMs }: Pick<IndexerOptions, "pollMs">,
  deps: IndexerDeps,
  signal: AbortSignal,
  call: () => Promise<T>,
): Promise<T | undefined> {
  for (let isTold = false; ; isTold = true) {
    if (signal.aborted) return undefined;
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof R3mesError) || error.code !== "NODE_UNREACHABLE") throw error;
      if (!isTold)
        deps.log.warn({ reason: error.message }, "the node does not answer; waiting for it");
      await deps.sleep(pollMs, signal);
    }
  }
}
