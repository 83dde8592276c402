/** The depth of the smallest tree with room for `count` slots: 0 for 0 and 1, else ⌈log2 count⌉. */

import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";

/** Throws NUMBER_OUT_OF_RANGE for a count that no tree can have. */
export function treeDepth(count: number): number {
  if (!Number.isInteger(count) || count < 0 || count > LIMITS.treeLeavesMax) {
    const max = LIMITS.treeLeavesMax;
    throw new R3mesError({
      code: "NUMBER_OUT_OF_RANGE",
      name: "leaves",
      min: 0,
      max,
      found: count,
    });
  }
  let depth = 0;
  while (2 ** depth < count) depth++;
  return depth;
}
