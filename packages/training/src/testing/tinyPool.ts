/** A pool of the tiny model with a dataset made from a seed, small enough for the reference backend. For tests alone. */
import { reference, type Session } from "@r3mes/engine";
import { buildTrainingProgram, initialFactors } from "@r3mes/models";
import { TINY_ADAPTER, TINY_SHAPE, tinyWeights } from "@r3mes/models/testing";
import { noise } from "@r3mes/protocol";
import { type Adapter, freshAdapter } from "../adapter/adapter.ts";
import type { TrainingPlan } from "../pool/trainingPlan.ts";
import type { LeasedChunk } from "../step/runStep.ts";

const sequences = 2;
const length = 16;

export const tinyPlan: TrainingPlan = {
  pool: 1n,
  program: buildTrainingProgram(TINY_SHAPE, {
    sequences,
    length,
    adapter: TINY_ADAPTER,
    optimizer: "adam",
  }),
  localSteps: 3,
  sequences,
  length,
  learningRates: [100_000],
  decay: 0,
  density: 90,
  outer: { momentum: 128, learningRate: 640 },
};

/** Text with something to learn: each token follows from the one before it, but for a little noise. */
export const tinyTokens = Uint32Array.from({ length: 4000 }, () => 0);
for (let i = 1; i < tinyTokens.length; i += 1) {
  const isNoise = noise(7, 0, 0, i, 0) % 8 === 0;
  const next = isNoise ? noise(7, 0, 1, i, 0) : tinyTokens[i - 1]! * 5 + 3;
  tinyTokens[i] = next % TINY_SHAPE.vocabulary;
}

export function tinyLeasedChunk(round: number, chunk: number): LeasedChunk {
  return {
    round,
    chunk,
    roundSeed: new Uint8Array(32).fill(round),
    shards: new Map([[0, tinyTokens]]),
  };
}

export function openTinySession(): Promise<Session> {
  return reference.prepare(tinyPlan.program, tinyWeights(tinyPlan.program, 1));
}

export function tinyAdapter(): Adapter {
  return freshAdapter(tinyPlan, initialFactors(tinyPlan.program, { low: 9, high: 0 }));
}
