/** The depth of the smallest tree with room for `count` slots: 0 for 0 and 1, else ⌈log2 count⌉. */
import { LIMITS } from "../gen/limits.ts";
import { checkRange } from "../limits/checkRange.ts";

/** Throws NUMBER_OUT_OF_RANGE for a count that no tree can have. */
export function treeDepth(count: number): number {
  checkRange("leaves", count, 0, LIMITS.treeLeavesMax);
  let depth = 0;
  while (2 ** depth < count) depth++;
  return depth;
}
