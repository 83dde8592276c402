/**
 * The quantiser's lane forms. `shift` is m + e - (bits - 1), the same for a whole row, so the choice
 * of path is a branch that a loop takes once and predicts ever after.
 */
import { NO_MAGNITUDE, quantiseOne } from "./integer";

/**
 * Zero, though the optimizer cannot know it. What is constant it copies to every use, and V8 makes a
 * constant vector anew, with three or four instructions, wherever it stands; a vector of something
 * unknown keeps the register that it was given before the loop.
 */
// biome-ignore lint/style/useConst: a constant would be known to the optimizer, see above.
export let UNKNOWN_ZERO: i32 = 0;

/** Four lanes of x, to be made before a loop and held through it. */
export function held(x: i32): v128 {
  return i32x4.splat(x + UNKNOWN_ZERO);
}

/** Two lanes of x, likewise. */
export function heldWide(x: i64): v128 {
  return i64x2.splat(x + <i64>UNKNOWN_ZERO);
}

/** Largest mantissa of 16 bits. */
export const ROW_LIMIT: i32 = 32767;

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

/**
 * RSH(x, places + 1) for 1 <= places <= 30, and for 0 where x is below 2^31 - 1: the half is added
 * once all places but one have gone, so that nothing wraps. `one` is held.
 */
export function halved(x: v128, places: i32, one: v128): v128 {
  return i32x4.shr_s(i32x4.add(i32x4.shr_s(x, places), one), 1);
}

/** x in [low, high]. */
export function between(x: v128, low: v128, high: v128): v128 {
  return i32x4.max_s(low, i32x4.min_s(high, x));
}

/** True if `halved` shifts by so much. */
function isRegular(shift: i32): bool {
  return shift >= 2 && shift <= 31;
}

/** Places of `halved` for the row that `regularRow` returns. */
export function regularPlaces(shift: i32): i32 {
  return isRegular(shift) ? shift - 1 : 1;
}

/**
 * A row whose values `halved` shifts by `shift`: `x` itself or, where it cannot, a copy at `to` of
 * their mantissas in 16 bits, two places to the left. So one loop serves every shift.
 */
export function regularRow(x: usize, count: i32, shift: i32, to: usize): usize {
  if (isRegular(shift)) return x;
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const at = (<usize>i) << 2;
    v128.store(to + at, i32x4.shl(narrowLanes(v128.load(x + at), shift, ROW_LIMIT), 2));
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    store<i32>(to + at, narrowOne(load<i32>(x + at), shift, ROW_LIMIT) << 2);
  }
  return to;
}

/** `narrowLanes` of one value. */
export function narrowOne(x: i32, shift: i32, limit: i32): i32 {
  return <i32>quantiseOne(<i64>x, shift, <i64>limit);
}

/**
 * The union of the lanes of two vectors, by way of 32 bytes at `spare`. V8 looks for what it may join behind
 * stores to neighbouring places alone, so two vectors that gather a row each half end in such.
 */
export function unionOf(a: v128, b: v128, spare: usize): u32 {
  v128.store(spare, a);
  v128.store(spare, b, 16);
  const low = load<u64>(spare) | load<u64>(spare, 8);
  const both = low | load<u64>(spare, 16) | load<u64>(spare, 24);
  return <u32>(both | (both >> 32));
}

/** The largest lane of two vectors, likewise. */
export function largestOf(a: v128, b: v128, spare: usize): i32 {
  v128.store(spare, a);
  v128.store(spare, b, 16);
  return maxLane(i32x4.max_s(v128.load(spare), v128.load(spare, 16)));
}

/** Largest lane. */
export function maxLane(x: v128): i32 {
  const a = max(i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1));
  return max(a, max(i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3)));
}

export function sumLanesWide(x: v128): i64 {
  return i64x2.extract_lane(x, 0) + i64x2.extract_lane(x, 1);
}
