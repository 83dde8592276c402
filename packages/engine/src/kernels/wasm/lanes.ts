/**
 * The quantiser's lane forms. `shift` is m + e - (bits - 1), the same for a whole row, so the choice
 * of path is a branch that a loop takes once and predicts ever after.
 */
import { NO_MAGNITUDE, quantiseOne } from "./integer";

/** A shift that rounds every i32 to 0: stands for a row without magnitude. */
export const SHIFT_TO_ZERO: i32 = 64;

/** Shift of a row with magnitude `m` and exponent `e` to `bits` bits. */
export function rowShift(m: i32, e: i32, bits: i32): i32 {
  return m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - (bits - 1);
}

/**
 * Mantissas of at most 16 bits: clamp(RSH(x, shift), limit) for any shift. To the left, a value is
 * first cut to `limit`, since every larger one saturates, and 15 places saturate every non-zero one.
 */
export function narrowLanes(x: v128, shift: i32, limit: i32): v128 {
  const high = i32x4.splat(limit);
  const low = i32x4.splat(-limit);
  if (shift > 0) {
    if (shift > 31) return i32x4.splat(0);
    const bit = v128.and(i32x4.shr_u(x, shift - 1), i32x4.splat(1));
    return i32x4.max_s(low, i32x4.min_s(high, i32x4.add(i32x4.shr_s(x, shift), bit)));
  }
  const cut = i32x4.max_s(low, i32x4.min_s(high, x));
  const moved = i32x4.shl(cut, min(-shift, 15));
  return i32x4.max_s(low, i32x4.min_s(high, moved));
}

/** The same for one value. */
export function narrowOne(x: i32, shift: i32, limit: i32): i32 {
  return <i32>quantiseOne(<i64>x, shift, <i64>limit);
}

/** Largest lane. */
export function maxLane(x: v128): i32 {
  const a = max(i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1));
  return max(a, max(i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3)));
}

export function sumLanesWide(x: v128): i64 {
  return i64x2.extract_lane(x, 0) + i64x2.extract_lane(x, 1);
}
