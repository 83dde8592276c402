/** The mean of a round's updates, with every scale clipped to the lower median. Source: spec/update.md, Aggregation. */
import { R3mesError } from "@r3mes/protocol";
import { type Update, type UpdateLayout, updatesPerRoundMax } from "./updateLayout.ts";

/** Returns the mean change of each factor tensor (i32, Q24). The order of `updates` does not matter. */
export function aggregate(layout: UpdateLayout, updates: readonly Update[]): Int32Array[] {
  if (updates.length === 0 || updates.length > updatesPerRoundMax) {
    throw new R3mesError({
      code: "AGGREGATE_COUNT_INVALID",
      count: updates.length,
      max: updatesPerRoundMax,
    });
  }
  return layout.elements.map((elements, tensor) => {
    const limit = lowerMedian(updates.map((update) => update[tensor]!.scale));
    const sums = new Int32Array(elements);
    for (const update of updates) {
      const { scale, indices, negative } = update[tensor]!;
      const vote = Math.min(scale, limit);
      // At most 256 votes of at most 2^22 each: the sum stays within 2^30.
      for (let i = 0; i < indices.length; i += 1) {
        sums[indices[i]!]! += negative[i] === 1 ? -vote : vote;
      }
    }
    return sums.map((sum) => divideRounding(sum, updates.length));
  });
}

function lowerMedian(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[(ascending.length - 1) >>> 1]!;
}

/** Nearest integer, half away from zero. */
function divideRounding(sum: number, count: number): number {
  const magnitude = Math.floor((2 * Math.abs(sum) + count) / (2 * count));
  return sum < 0 ? -magnitude : magnitude;
}
