import { reference } from "@r3mes/engine";
import { nodeSha256 as hash } from "@r3mes/engine/node";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import type { Submission } from "@r3mes/protocol/messages";
import { freshAdapter, type OpenedPool, type TrainingPlan, trainChunk } from "@r3mes/training";
import { expect, test } from "vitest";
import { type ReplayDeps, trainAgain, trainUpdate } from "./replayChunk.ts";

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
const openSession = () => reference.prepare(plan.program, tinyWeights(plan.program, 1));

/** What a miner hands in, and what anybody has who looks at it: everything but the update. */
async function handedIn() {
  const leased = { round: 3, chunk: 2, roundSeed, shards };
  const trained = await trainChunk(await openSession(), { plan, leased, adapter }, { hash });
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
  return { trained, deps, submission: submission as unknown as Submission };
}

test("an update that its miner keeps back is made from public data, to the byte", async () => {
  const { trained, deps, submission } = await handedIn();
  expect(await trainUpdate(deps, submission)).toEqual(trained.update);
});

test("an update of work that is wrong is made by nobody, and it is known in what the work differs", async () => {
  const { deps, submission } = await handedIn();
  const other = new Uint8Array(32);
  const wrong = [
    { work: { ...submission, stepsRoot: other }, differs: "steps" },
    { work: { ...submission, updateRoot: other }, differs: "update" },
  ];
  for (const { work, differs } of wrong) {
    expect((await trainAgain(deps, work)).differs).toBe(differs);
    const facts = { submission: 7n, differs };
    const refusal = { code: "SUBMISSION_WRONG", facts };
    await expect(trainUpdate(deps, work)).rejects.toMatchObject(refusal);
  }
});
