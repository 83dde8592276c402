/** The small model and dataset of every simulation, published once, and devices on which participants train: the real engine. */
import { create } from "@bufbuild/protobuf";
import { createWasmBackend, type Session } from "@r3mes/engine";
import { createNodeWasmHost, readRefereeModule } from "@r3mes/engine/node";
import { contentOf } from "@r3mes/participant";
import { sha256 } from "@r3mes/protocol";
import { DatasetSchema, ModelSchema, PoolSchema } from "@r3mes/protocol/messages";
import type { ContentStore } from "@r3mes/storage";
import { memoryPeer } from "@r3mes/storage/testing";
import { publishDataset, publishModel } from "../publishModel.ts";
import { sha256OnThread } from "./sha256OnThread.ts";
import { createSharedPool, type SharedPool } from "./sharedPool.ts";

/** One step program with its forward part, prepared once; whoever is restarted gets the same device again. */
export interface Device {
  readonly training: Session;
  readonly evaluation: Session;
}

export interface Devices {
  /** The device of participant number `i`. */
  device(i: number): Promise<Device>;
  /** The pool, as each participant opens it. */
  readonly openPool: SharedPool["open"];
  readonly referee: Uint8Array;
  readonly model: Awaited<ReturnType<typeof publishModel>>["model"];
  readonly dataset: Awaited<ReturnType<typeof publishDataset>>;
  /** Everything that was published, by the hex of its hash. */
  readonly blocks: ReadonlyMap<string, Uint8Array>;
}

export const hyperparameters = {
  localSteps: 3,
  learningRates: [100_000],
  density: 90,
  outerMomentum: 128,
  outerLearningRate: 640,
};

/** Small enough that a chunk takes milliseconds. */
const size = { batch: 1, sequence: 8, rank: 4, targets: ["q"], layers: 1 } as const;
/** Sixteen chunks: whoever trains one reads and checks the shard that all of them are in. */
const tokens = { train: 400, heldOut: 40 } as const;

export async function prepareDevices(): Promise<Devices> {
  const referee = readRefereeModule();
  const store = memoryPeer(async () => undefined);
  const { model, dataset, records } = await preparedRecords(store, sha256(referee));
  const { opened, open } = await createSharedPool(records, contentOf(store), sha256OnThread);
  const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
  const prepared: Promise<Device>[] = [];
  const prepare = async (): Promise<Device> => ({
    training: await backend.prepare(opened.plan.program, opened.weights),
    evaluation: await backend.prepare(opened.evaluation, opened.weights),
  });
  return {
    openPool: open,
    referee,
    model,
    dataset,
    blocks: store.blocks,
    device(i) {
      prepared[i] ??= prepare();
      return prepared[i];
    },
  };
}

/** Publishes model and dataset, and gives the records that a chain has once they are registered and the pool is open. */
export async function preparedRecords(store: ContentStore, refereeHash: Uint8Array) {
  const { model, vocabulary } = await publishModel(store, refereeHash, size);
  const dataset = await publishDataset(store, vocabulary, tokens);
  const records = {
    model: create(ModelSchema, { ...model, id: 1n }),
    dataset: create(DatasetSchema, { ...dataset, id: 1n }),
    pool: create(PoolSchema, { id: 1n, modelId: 1n, datasetId: 1n, hyperparameters }),
  };
  return { model, dataset, records };
}
