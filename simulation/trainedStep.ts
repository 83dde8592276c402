/** A chunk that is really trained, published as a miner does, with all that somebody else needs to run one of its steps again. */
import { create, toBinary } from "@bufbuild/protobuf";
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { contentOf } from "@r3mes/participant";
import { toHex } from "@r3mes/protocol";
import {
  DatasetSchema,
  ModelSchema,
  PoolSchema,
  RoundSchema,
  SubmissionSchema,
} from "@r3mes/protocol/messages";
import { type ContentStore, contentIdToBytes } from "@r3mes/storage";
import { encodeState, openPool, shardsOfChunk, trainChunk } from "@r3mes/training";
import { publishDataset, publishModel } from "./publishModel.ts";

const chunk = 3;
const hyperparameters = {
  localSteps: 3,
  learningRates: [40_000],
  density: 90,
  outerMomentum: 128,
  outerLearningRate: 384,
};

export type TrainedStep = {
  readonly step: number;
  readonly rootBefore: string;
  readonly rootAfter: string;
  /** The records as the API hands them over. */
  readonly inputs: Readonly<Record<string, string>>;
};

/** Trains a chunk of the small model and shows step 2 of it. */
export async function trainedStep(store: ContentStore): Promise<TrainedStep> {
  const { model, vocabulary } = await publishModel(store, new Uint8Array(32));
  const records = {
    model: create(ModelSchema, { ...model, id: 1n }),
    dataset: create(DatasetSchema, { ...(await publishDataset(store, vocabulary)), id: 1n }),
    pool: create(PoolSchema, { id: 1n, modelId: 1n, datasetId: 1n, hyperparameters }),
  };
  const round = create(RoundSchema, { poolId: 1n, number: 1, seed: new Uint8Array(32).fill(9) });
  const opened = await openPool(records, contentOf(store));
  const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
  const session = await backend.prepare(opened.plan.program, opened.weights);
  const shards = await opened.shards("train", shardsOfChunk(opened.plan, chunk));
  const leased = { round: 1, chunk, roundSeed: round.seed, shards };
  const states: Uint8Array[] = [];
  const adapter = await opened.adapter(model.initialAdapterCid);
  const start = { plan: opened.plan, leased, adapter };
  const trained = await trainChunk(session, start, {
    onState: (_t, state) => void states.push(encodeState(state)),
  });
  await session.close();
  const stateBeforeCid = contentIdToBytes(await store.put(states[1]!));
  const submission = create(SubmissionSchema, {
    ...{ id: 1n, poolId: 1n, round: 1, chunk: BigInt(chunk) },
    opening: { step: 2, stateBeforeCid },
  });
  return {
    step: 2,
    rootBefore: toHex(trained.stateRoots[0]!),
    rootAfter: toHex(trained.stateRoots[1]!),
    inputs: {
      pool: toHex(toBinary(PoolSchema, records.pool)),
      model: toHex(toBinary(ModelSchema, records.model)),
      dataset: toHex(toBinary(DatasetSchema, records.dataset)),
      round: toHex(toBinary(RoundSchema, round)),
      submission: toHex(toBinary(SubmissionSchema, submission)),
      adapterCid: toHex(model.initialAdapterCid),
    },
  };
}
