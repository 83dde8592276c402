/** Refuses a size or count above its limit in `spec/limits.json`. */
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMIT_UNITS, LIMITS, type LimitName } from "../gen/limits.ts";

/** Throws LIMIT_EXCEEDED when `found` is above the named limit. */
export function checkLimit(limit: LimitName, found: number): void {
  if (found <= LIMITS[limit]) return;
  throw new R3mesError({
    code: "LIMIT_EXCEEDED",
    limit,
    max: LIMITS[limit],
    unit: LIMIT_UNITS[limit],
    found,
  });
}
