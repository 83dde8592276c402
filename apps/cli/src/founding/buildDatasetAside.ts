/** Builds a built-in dataset in a thread of its own: cutting a book into tokens takes seconds, in which a store must still answer. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { DATASET_MANIFEST_FILE } from "@r3mes/models";
import { buildBuiltInDataset, GENESIS_FOLDER } from "@r3mes/models/node";

interface Order {
  readonly name: string;
  readonly folder: string;
}

/** Does nothing when the dataset is there. */
export async function buildDatasetAside(name: string, folder: string): Promise<void> {
  if (existsSync(join(folder, DATASET_MANIFEST_FILE))) return;
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { name, folder } satisfies Order,
  });
  await new Promise<void>((resolve, reject) => {
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
}

if (!isMainThread) {
  const { name, folder } = workerData as Order;
  await buildBuiltInDataset(name, { model: GENESIS_FOLDER, to: folder });
}
