/** Indexes a recorded chain up to a height, and returns the blocks that were written. */
import type { Database } from "@r3mes/database";
import { createIndexer, type IndexedBlock, type IndexerOptions } from "../createIndexer.ts";
import type { RecordedChain } from "./recordedChain.ts";

const log = { info: () => undefined, warn: () => undefined };
const sleep = () => new Promise<void>((resolve) => setImmediate(resolve));

export async function indexTo(
  height: number,
  node: RecordedChain,
  database: Database,
  options: Omit<IndexerOptions, "pollMs"> = {},
) {
  const controller = new AbortController();
  const blocks: IndexedBlock[] = [];
  const onBlock = (block: IndexedBlock) => {
    blocks.push(block);
    if (block.height === height) controller.abort();
  };
  const { records } = node;
  const latestHeight = BigInt(Math.min(height, node.height));
  const rpc = { ...node.rpc, status: async () => ({ ...(await node.rpc.status()), latestHeight }) };
  const indexer = createIndexer(
    { pollMs: 1, ...options },
    { rpc, records, database, sleep, log, onBlock },
  );
  await indexer.run(controller.signal);
  return blocks;
}
