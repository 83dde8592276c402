/** Refuses an index that is not below the number of slots that may be named. */
import { R3mesError } from "../errors/R3mesError.ts";

/** Throws MERKLE_INDEX_INVALID. */
export function checkIndex(index: number, count: number): void {
  if (Number.isInteger(index) && index >= 0 && index < count) return;
  throw new R3mesError({ code: "MERKLE_INDEX_INVALID", index, count });
}
