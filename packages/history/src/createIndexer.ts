/**
 * Follows the chain from the cursor on and writes each block with everything that follows from it in one transaction. It decides
 * nothing: what is in the tables follows from the blocks alone, so reading them again gives the same tables.
 */
import { type ChainRpc, followBlocks } from "@r3mes/chain-client";
import type { Database } from "@r3mes/database";
import { R3mesError } from "@r3mes/protocol";
import type { Logger } from "@r3mes/service";
import { applyBlock } from "./apply/applyBlock.ts";
import { putFounding } from "./apply/putFounding.ts";
import { queryRecords, type Records } from "./apply/records.ts";
import { type Cursor, checkChain } from "./checkChain.ts";
import { decodeBlock } from "./decode/decodeBlock.ts";
import { createRowStore, type RowStore } from "./write/createRowStore.ts";

export type IndexerOptions = {
  readonly pollMs: number;
  /** Blocks that are asked for at once while the index is behind. */
  readonly ahead?: number;
};

export type IndexerDeps = {
  readonly rpc: Pick<ChainRpc, "status" | "block" | "blockResults" | "query">;
  readonly database: Database;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Hears of each block that has been written, and of how long that took. */
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

const defaultAhead = 16;

export function createIndexer(options: IndexerOptions, deps: IndexerDeps): Indexer {
  const records = deps.records ?? queryRecords(deps.rpc);
  return {
    async run(signal) {
      const start = await whenReachable(options, deps, signal, () =>
        checkChain(deps.database, deps.rpc),
      );
      if (start === undefined) return;
      const { chainId, cursor } = start;
      deps.log.info({ chain: chainId, from: (cursor?.height ?? 0) + 1 }, "indexing");
      await follow(chainId, cursor, records, options, deps, signal);
    },
  };
}

async function follow(
  chainId: string,
  cursor: Cursor | undefined,
  records: Records,
  { pollMs, ahead = defaultAhead }: IndexerOptions,
  deps: IndexerDeps,
  signal: AbortSignal,
): Promise<void> {
  const rows = createRowStore(deps.database);
  const from = BigInt((cursor?.height ?? 0) + 1);
  let parent = cursor?.hash;
  for await (const followed of followBlocks({ from, pollMs, ahead, signal }, deps)) {
    const startedAt = performance.now();
    const block = decodeBlock(followed);
    if (parent !== undefined && block.parentHash !== parent) {
      const { height, parentHash: found } = block;
      throw new R3mesError({
        code: "INDEX_CHAIN_RESET",
        height: height - 1,
        indexed: parent,
        found,
      });
    }
    const written = await whenReachable({ pollMs }, deps, signal, async () => {
      await writeBlock(chainId, block, parent === undefined, rows, records);
      return true;
    });
    if (written === undefined) return;
    parent = block.hash;
    const seconds = (performance.now() - startedAt) / 1_000;
    deps.onBlock?.({ height: block.height, timeMs: block.timeMs, seconds });
  }
}

async function writeBlock(
  chainId: string,
  block: ReturnType<typeof decodeBlock>,
  isFirst: boolean,
  rows: RowStore,
  records: Records,
): Promise<void> {
  try {
    if (isFirst) putFounding(await records.founding(), rows);
    await applyBlock(chainId, block, rows, records);
    await rows.flush(String(block.height));
  } catch (error) {
    // A block that could not be finished is begun again from what the database has.
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
  for (;;) {
    if (signal.aborted) return undefined;
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof R3mesError) || error.code !== "NODE_UNREACHABLE") throw error;
      deps.log.warn({ reason: error.message }, "the node does not answer");
      await deps.sleep(pollMs, signal);
    }
  }
}
