/**
 * The constants of one step: what the chain decides and no party may choose. Rates and bias corrections follow from integer
 * recurrences (spec/arithmetic.md section 12), so the table of a pool is a function of its settings.
 */
import type { NoiseSeed } from "@r3mes/protocol";
import { assert } from "@r3mes/protocol";
import { divFloor, pow2 } from "../arithmetic/integer.ts";
import { packBlock } from "../tensor/storage.ts";
import { STEP } from "./program.ts";

export interface StepSettings {
  readonly seed: NoiseSeed;
  /** Steps since the optimizer's state was zero, from 1. */
  readonly t: number;
  /** Units of 2^-24; at most 2^19. */
  readonly learningRate: number;
  /** Share of each weight that decays, units of 2^-30; at most 2^22. */
  readonly decay: number;
}

const WORDS = 8;
const ONE = pow2(20);

/** Storage bytes of the tensor `step`. */
export function stepConstants(settings: StepSettings): Uint8Array {
  const { seed, t, learningRate, decay } = settings;
  assert(Number.isInteger(t) && t >= 1, "steps count from 1");
  assert(
    Number.isInteger(learningRate) && learningRate >= 0 && learningRate <= pow2(19),
    "rate is 0 to 2^19",
  );
  assert(Number.isInteger(decay) && decay >= 0 && decay <= pow2(22), "decay is 0 to 2^22");
  const words = new Array<number>(WORDS).fill(0);
  words[STEP.seedLow] = seed.low | 0;
  words[STEP.seedHigh] = seed.high | 0;
  words[STEP.learningRate] = learningRate;
  words[STEP.decay] = decay;
  words[STEP.bias1] = ONE - powerOf(58982, 65536, t);
  words[STEP.bias2] = ONE - powerOf(63, 64, t);
  return packBlock("i32", 1, WORDS, (_, column) => words[column]!);
}

/** 2^20 * (numerator / denominator)^t, floored after each factor; 0 once it has died out. */
function powerOf(numerator: number, denominator: number, t: number): number {
  let power = ONE;
  for (let k = 0; k < t && power > 0; k++) power = divFloor(power * numerator, denominator);
  return power;
}

export interface LinearSchedule {
  /** Rate at the end of the warm-up, units of 2^-24. */
  readonly peak: number;
  readonly steps: number;
  /** Steps of the warm-up; 0 counts as 1. */
  readonly warmUp: number;
}

/** Rate of step t = 1 .. steps: peak * min(t, w) * (steps - t + 1) / (w * steps), floored. */
export function linearRate(schedule: LinearSchedule, t: number): number {
  const { peak, steps } = schedule;
  const warmUp = Math.max(1, schedule.warmUp);
  assert(t >= 1 && t <= steps, "the step is in the schedule");
  const scaled = BigInt(peak) * BigInt(Math.min(t, warmUp)) * BigInt(steps - t + 1);
  return Number(scaled / (BigInt(warmUp) * BigInt(steps)));
}
