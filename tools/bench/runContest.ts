/**
 * Measures a contest. Contestants take turns, A B A B, so that a machine that slows down or speeds up
 * meanwhile does so to all of them.
 */
import type { Contest } from "./bench.ts";

/** A median of ours, and how it stands against one rival. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The rival's label; null when there is none. */
  readonly against: string | null;
  /** Our value divided by the rival's; null when there is no rival. */
  readonly ratio: number | null;
};

export async function runContest({
  name,
  unit,
  ours,
  rivals,
  rounds,
}: Contest): Promise<readonly Figure[]> {
  const contestants = [ours, ...rivals].map(({ sample }) => ({ sample, samples: [] as number[] }));
  // The first turn warms up compilers and caches and is not counted.
  for (const { sample } of contestants) await sample();
  for (let round = 0; round < rounds; round += 1) {
    for (const { sample, samples } of contestants) samples.push(await sample());
  }
  const [value = Number.NaN, ...others] = contestants.map(({ samples }) => median(samples));
  if (rivals.length === 0) return [{ name, value, unit, against: null, ratio: null }];
  return rivals.map(({ label }, i) => ({
    name,
    value,
    unit,
    against: label,
    ratio: value / others[i]!,
  }));
}

/** The middle value, or the mean of the two in the middle. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
