/** EXP2N and LOG2 of spec/arithmetic.md section 3: table look-up with linear interpolation. */
import { bitLength, divFloor, pow2 } from "./integer.ts";
import { EXP2, LOG2 } from "./tables.ts";

/** Every token of a vocabulary is weighed for every token of an answer, and typed entries are read in half the time. */
const POWERS = Int32Array.from(EXP2);

/**
 * 2^(-distance / 2^16) in Q30, for 0 <= distance < 2^32. 0 beyond 30 halvings.
 * The interpolated difference is at most 2,903,338 * 255 < 2^30, so every product fits i32.
 */
export function exp2n(distance: number): number {
  const halvings = distance >>> 16;
  if (halvings > 30) return 0;
  const high = (distance >> 8) & 255;
  const low = distance & 255;
  const from = POWERS[high]!;
  const interpolated = from - (Math.imul(from - POWERS[high + 1]!, low) >> 8);
  return interpolated >> halvings;
}

/** log2(x) in Q16 for 1 <= x < 2^52, truncated below the 24th bit after the leading one. */
export function log2(x: number): number {
  const whole = bitLength(x) - 1;
  const mantissa = whole >= 24 ? divFloor(x, pow2(whole - 24)) : x * pow2(24 - whole);
  const fraction = mantissa - 0x1000000;
  const high = fraction >> 16;
  const low = fraction & 0xffff;
  const from = LOG2[high]!;
  return whole * 65536 + from + divFloor((LOG2[high + 1]! - from) * low, 65536);
}
