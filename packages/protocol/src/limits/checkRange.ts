/** Refuses a number that is not whole or lies outside its range. */
import { R3mesError } from "../errors/R3mesError.ts";

/** Throws NUMBER_OUT_OF_RANGE unless `found` is a whole number from `min` to `max`. */
export function checkRange<T extends number | bigint>(
  name: string,
  found: T,
  min: T,
  max: T,
): void {
  const whole = typeof found === "bigint" || Number.isSafeInteger(found);
  if (whole && found >= min && found <= max) return;
  throw new R3mesError({ code: "NUMBER_OUT_OF_RANGE", name, min, max, found });
}
