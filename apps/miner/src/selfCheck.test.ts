import { createWasmBackend, type Session } from "@r3mes/engine";
import { createNodeWasmHost } from "@r3mes/engine/node";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { freshAdapter, type TrainingPlan, trainChunk } from "@r3mes/training";
import { expect, test } from "vitest";
import { type CheckedTile, createSelfCheck } from "./selfCheck.ts";

const program = buildTrainingProgram(TINY_SHAPE, {
  sequences: 1,
  length: 8,
  adapter: TINY_ADAPTER,
  optimizer: "adam",
});
const plan: TrainingPlan = {
  pool: 1n,
  program,
  localSteps: 2,
  sequences: 1,
  length: 8,
  learningRates: [100_000],
  decay: 0,
  density: 90,
  outer: { momentum: 128, learningRate: 640 },
};
const weights = tinyWeights(program, 1);
const device = createWasmBackend(createNodeWasmHost(), { build: "base", threads: 1 });
const leased = {
  round: 1,
  chunk: 0,
  roundSeed: new Uint8Array(32),
  shards: new Map([[0, Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % 50)]]),
};
const adapter = freshAdapter(plan, initialFactors(program, { low: 1, high: 0 }));

/** Draws that pass through all records, and through their tiles by a fixed stride. */
function drawer(seed: number): (below: number) => number {
  let next = seed;
  return (below) => {
    next = (next * 31 + 7) % 10_007;
    return next % below;
  };
}

async function trainChecked(session: Session, seed: number): Promise<CheckedTile> {
  const { shown, onState, check } = createSelfCheck({ plan, weights }, leased, drawer(seed));
  await trainChunk(session, { plan, leased, adapter }, { shown: shown!, onState });
  return check();
}

test("tiles all over the steps are what the definition says", async () => {
  const session = await device.prepare(program, weights);
  const seen = { operations: new Set<string>(), steps: new Set<number>() };
  for (let seed = 0; seed < 5; seed += 1) {
    const { operation, step } = await trainChecked(session, seed);
    seen.operations.add(operation);
    seen.steps.add(step);
  }
  expect(seen.operations.size).toBeGreaterThan(3);
  expect(seen.steps).toEqual(new Set([1, 2]));
});

test("what is checked is trained once, and the chunk is the same", async () => {
  const session = await device.prepare(program, weights);
  const plain = await trainChunk(session, { plan, leased, adapter });
  let runs = 0;
  const counted: Session = {
    ...session,
    run: (observe, only) => {
      runs += 1;
      return session.run(observe, only);
    },
  };
  const { shown, onState } = createSelfCheck({ plan, weights }, leased, drawer(3));
  const checked = await trainChunk(counted, { plan, leased, adapter }, { shown: shown!, onState });
  expect(runs).toBe(plan.localSteps);
  expect(checked.stepsRoot).toEqual(plain.stepsRoot);
});

test("a device that flips a bit is found before anything is promised", async () => {
  const session = await device.prepare(program, weights);
  const faulty: Session = {
    ...session,
    run: (observe) =>
      session.run((operation, output, bytes) => {
        const wrong = bytes.map((byte) => byte ^ 1);
        observe?.(operation, output, wrong);
      }),
  };
  await expect(trainChecked(faulty, 3)).rejects.toMatchObject({ code: "DEVICE_NOT_EXACT" });
});
