import { reference, type Session } from "@r3mes/engine";
import { nodeSha256 as hash } from "@r3mes/engine/node";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { R3mesError } from "@r3mes/protocol";
import { CaseKind, CaseStage } from "@r3mes/protocol/messages";
import { encodeState, freshAdapter, type TrainingPlan, trainChunk } from "@r3mes/training";
import { expect, test } from "vitest";
import type { CasePlayerDeps } from "./casePlayerDeps.ts";
import { createCasePlayer } from "./createCasePlayer.ts";

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
const published = Uint8Array.of(1, 2, 3);

/** A defender whose second step is disputed; the state before it was published. `give` says what comes of asking for that. */
async function defender(give: () => Promise<Uint8Array>) {
  const session = await reference.prepare(plan.program, tinyWeights(plan.program, 1));
  const states: Uint8Array[] = [];
  const leased = { round: 3, chunk: 2, roundSeed, shards };
  const { stateRoots } = await trainChunk(
    session,
    { plan, leased, adapter },
    {
      hash,
      onState: (t, state) => {
        states[t] = encodeState(state);
      },
    },
  );
  const seen = { asked: 0, runs: 0, sent: 0, told: 0 };
  const counted: Session = {
    ...session,
    run(...shown) {
      seen.runs += 1;
      return session.run(...shown);
    },
  };
  const claim = { stage: CaseStage.OPERATIONS, atRoot: true, height: 0, index: 0n };
  const record = {
    ...{ id: 4n, kind: CaseKind.STEP, submissionId: 7n, step: 2, stateBefore: stateRoots[0] },
    ...{ defender: "me", challenger: "other", claim: { ...claim, children: [] } },
  };
  const opening = { step: 2, stateBeforeCid: published };
  const submission = { id: 7n, poolId: 1n, round: 3, chunk: 2n, opening };
  const deps = {
    query: {
      case: async () => ({ case: record, toMove: "me" }),
      submission: async () => ({ submission }),
      round: async () => ({ round: { poolId: 1n, adapterId: 0n, seed: roundSeed } }),
      pool: async () => ({ pool: { modelId: 4n } }),
      model: async () => ({ model: { initialAdapterCid: Uint8Array.of(9) } }),
    },
    openPool: async () => ({
      opened: { plan, shards: async () => shards, adapter: async () => adapter },
      session: async () => counted,
    }),
    async bring(cid: Uint8Array) {
      expect(cid).toBe(published);
      seen.asked += 1;
      const bytes = await give();
      return async () => bytes;
    },
    journal: { records: [], append: async () => undefined },
    submit: async () => {
      seen.sent += 1;
    },
    log: {
      warn: () => {
        seen.told += 1;
      },
    },
    hash,
  } as unknown as CasePlayerDeps;
  return { player: createCasePlayer({ operator: "me", owner: "me" }, deps), states, seen };
}

test("what a move needs of others is brought before its turn, and the device taken in it", async () => {
  let give = (_: Uint8Array) => {};
  const { player, states, seen } = await defender(
    () =>
      new Promise((resolve) => {
        give = resolve;
      }),
  );
  const preparing = player.prepare(4n);
  while (seen.asked === 0) await new Promise(setImmediate);
  expect(seen.runs).toBe(0);
  give(states[1]!);
  const move = await preparing;
  expect(seen.runs).toBe(0);
  expect(await move!()).toBe(true);
  expect(seen).toEqual({ asked: 1, runs: 1, sent: 1, told: 0 });
});

test("a state that nobody offers, or that is another one, is trained again in the turn, once for all moves", async () => {
  const unavailable = new R3mesError({ code: "CONTENT_UNAVAILABLE", cid: "c" });
  const missing = await defender(() => Promise.reject(unavailable));
  const wrong = await defender(async () => wrong.states[2]!);
  for (const { player, seen } of [missing, wrong]) {
    const move = await player.prepare(4n);
    expect(seen).toMatchObject({ asked: 1, runs: 0 });
    expect(await move!()).toBe(true);
    // The step before the disputed one, and that.
    expect(seen).toMatchObject({ asked: 1, runs: 2, sent: 1 });
    expect(await (await player.prepare(4n))!()).toBe(true);
    expect(seen).toMatchObject({ asked: 1, runs: 2, sent: 2 });
  }
  expect([missing.seen.told, wrong.seen.told]).toEqual([1, 0]);
});
