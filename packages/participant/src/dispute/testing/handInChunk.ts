/** A tiny chunk as its miner hands it in, and what anybody has who looks at it: everything but the update. */
import { createWasmBackend } from "@r3mes/engine";
import { createNodeWasmHost, nodeSha256 as hash } from "@r3mes/engine/node";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import type { Submission } from "@r3mes/protocol/messages";
import {
  type ChunkState,
  freshAdapter,
  type OpenedPool,
  placeOf,
  type TrainingPlan,
  trainChunk,
} from "@r3mes/training";
import type { ReplayDeps } from "../replayChunk.ts";

const plan: TrainingPlan = {
  pool: 1n,
  program: buildTrainingProgram(TINY_SHAPE, {
    ...{ sequences: 1, length: 16, adapter: TINY_ADAPTER, optimizer: "adam" },
  }),
  ...{ localSteps: 2, sequences: 1, length: 16, learningRates: [100_000], decay: 0, density: 90 },
  outer: { momentum: 128, learningRate: 640 },
};
const adapter = freshAdapter(plan, initialFactors(plan.program, { low: 9, high: 0 }));
const shards = new Map([[0, Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % 32)]]);
const roundSeed = new Uint8Array(32).fill(5);
const backend = createWasmBackend(createNodeWasmHost(), { threads: 1 });
const openSession = () => backend.prepare(plan.program, tinyWeights(plan.program, 1));

export async function handInChunk() {
  const leased = { round: 3, chunk: 2, roundSeed, shards };
  const states: ChunkState[] = [];
  const onState = (t: number, state: ChunkState) => {
    states[t] = state;
  };
  const options = { hash, onState };
  const trained = await trainChunk(await openSession(), { plan, leased, adapter }, options);
  const { stepsRoot, updateRoot } = trained;
  const submission = { id: 7n, poolId: 1n, round: 3, chunk: 2n, stepsRoot, updateRoot };
  const opened = { plan, shards: async () => shards, adapter: async () => adapter };
  const query = {
    round: async () => ({ round: { poolId: 1n, adapterId: 0n, seed: roundSeed } }),
    pool: async () => ({ pool: { modelId: 4n } }),
    model: async () => ({ model: { initialAdapterCid: Uint8Array.of(9) } }),
  } as unknown as ReplayDeps["query"];
  const deps: ReplayDeps = {
    ...{ query, hash },
    openPool: async () => ({ opened: opened as unknown as OpenedPool, session: openSession }),
  };
  return {
    ...{ trained, deps, plan },
    submission: submission as unknown as Submission,
    /** After step t = 0 … H. */
    states,
    placeAt: (t: number) => placeOf(plan, leased, t),
  };
}
