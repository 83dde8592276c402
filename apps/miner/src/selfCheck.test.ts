import { reference, type Session } from "@r3mes/engine";
import {
  buildTrainingProgram,
  initialFactors,
  TINY_ADAPTER,
  TINY_SHAPE,
  tinyWeights,
} from "@r3mes/models";
import { firstState, freshAdapter, type OpenedPool, type TrainingPlan } from "@r3mes/training";
import { expect, test } from "vitest";
import { selfCheck } from "./selfCheck.ts";

const program = buildTrainingProgram(TINY_SHAPE, {
  sequences: 1,
  length: 8,
  adapter: TINY_ADAPTER,
  optimizer: "adam",
});
const plan: TrainingPlan = {
  pool: 1n,
  program,
  localSteps: 3,
  sequences: 1,
  length: 8,
  learningRates: [100_000],
  decay: 0,
  density: 90,
  outer: { momentum: 128, learningRate: 640 },
};
const weights = tinyWeights(program, 1);
const opened = { plan, weights } as OpenedPool;
const task = {
  round: 1,
  chunk: 0,
  roundSeed: new Uint8Array(32),
  shards: new Map([[0, Uint32Array.from({ length: 400 }, (_, i) => (i * 7) % 50)]]),
};
const before = firstState(plan, freshAdapter(plan, initialFactors(program, { low: 1, high: 0 })));

/** Draws that pass through all records, and through their tiles by a fixed stride. */
function drawer(seed: number): (below: number) => number {
  let next = seed;
  return (below) => {
    next = (next * 31 + 7) % 10_007;
    return next % below;
  };
}

test("tiles all over a step are what the definition says", async () => {
  const session = await reference.prepare(program, weights);
  const operations = new Set<string>();
  for (let seed = 0; seed < 8; seed += 1) {
    operations.add(
      (await selfCheck({ opened, session }, task, { t: 1, before }, drawer(seed))).operation,
    );
  }
  expect(operations.size).toBeGreaterThan(4);
});

test("a device that flips a bit is found before anything is promised", async () => {
  const session = await reference.prepare(program, weights);
  const faulty: Session = {
    ...session,
    run: (observe) =>
      session.run((operation, output, bytes) => {
        const wrong = bytes.map((byte) => byte ^ 1);
        observe?.(operation, output, wrong);
      }),
  };
  await expect(
    selfCheck({ opened, session: faulty }, task, { t: 1, before }, drawer(3)),
  ).rejects.toMatchObject({ code: "DEVICE_NOT_EXACT" });
});
