/** The ends of products: scale an exact sum, add the adapter's share and a residual, saturate. */
import { rsh, sat30 } from "./integer";
import { between, halved, held } from "./lanes";

/** What SAT30 cuts to. */
export const LIMIT: i32 = 1 << 30;
/** Largest factor that `scaledLanes` takes. */
const FACTOR_MAX: i32 = 1 << 15;

/**
 * SAT30(a + b) of any i32 lanes: a wrapped sum is replaced by the end it passed. `low`, `high` and
 * `end`, -2^30, 2^30 and 2^31 - 1, are held.
 */
export function addSat30(a: v128, b: v128, low: v128, high: v128, end: v128): v128 {
  const sum = i32x4.add(a, b);
  const wrapped = i32x4.shr_s(v128.and(v128.xor(sum, a), v128.xor(sum, b)), 31);
  const passed = v128.xor(i32x4.shr_s(a, 31), end);
  return between(v128.bitselect(passed, sum, wrapped), low, high);
}

/** RSH(x * factor, shift) for 1 <= shift <= 32 where the result fits 32 bits; `half` is held. */
export function mulShiftLanes(x: v128, factor: v128, half: v128, shift: i32): v128 {
  const low = i64x2.add(i64x2.extmul_low_i32x4_s(x, factor), half);
  const high = i64x2.add(i64x2.extmul_high_i32x4_s(x, factor), half);
  // A logical shift leaves the same low 32 bits as an arithmetic one, and AVX2 has no other.
  return v128.shuffle<i32>(i64x2.shr_u(low, shift), i64x2.shr_u(high, shift), 0, 2, 4, 6);
}

/** Places of a product that `scaledLanes` shifts off the low part of x before both parts join. */
export function lowPlaces(shift: i32): i32 {
  return min(shift, 16);
}

/** The half that is added to the low part, and the one that is added to both. */
export function lowHalf(shift: i32): i32 {
  return shift > 16 ? 0 : 1 << (shift - 1);
}

export function joinedHalf(shift: i32): i32 {
  return shift > 16 ? 1 << (shift - 17) : 0;
}

/**
 * RSH(x * factor, shift), without products of 64 bits, for 1 <= shift <= 32 and a factor of 0 to 2^15,
 * where the result fits 32. With x = h * 2^places + l, the product is h * factor * 2^places + l * factor:
 * shifted by those places, at most 16, the first part loses nothing, and the second fits. Where
 * more are to go, h * factor is within 2^30, so the rest of the shift finds the whole sum.
 */
export function scaledLanes(
  x: v128,
  factor: v128,
  places: i32,
  mask: v128,
  half: v128,
  joined: v128,
  rest: i32,
): v128 {
  const low = i32x4.add(i32x4.mul(v128.and(x, mask), factor), half);
  const high = i32x4.mul(i32x4.shr_s(x, places), factor);
  return i32x4.shr_s(i32x4.add(i32x4.add(high, i32x4.shr_u(low, places)), joined), rest);
}

/**
 * The least x with RSH(x * factor, shift) > limit, or the greatest i32: what is cut to it before the
 * product ends above the limit as before.
 */
export function leastBeyond(limit: i32, factor: i32, shift: i32): i32 {
  const least = ((<i64>limit + 1) << (<i64>shift)) / <i64>factor + 1;
  return <i32>min<i64>(least, i32.MAX_VALUE);
}

/**
 * y[i] = SAT30(RSH(y[i] * factor, shift) + RSH(low[i], lowShift)) for one run of i32; without `low`
 * that term is 0, and with it low[i] is below 2^31 - 1. `bits` bounds the bit length of
 * y[i] * factor and picks the 32-bit path.
 */
export function scaleRun(
  y: usize,
  low: usize,
  count: i32,
  factor: i32,
  shift: i32,
  lowShift: i32,
  bits: i32,
): void {
  const quiet = low === 0 || lowShift > 31;
  const fits = shift >= 1 && shift <= 32 && bits - shift <= 29;
  let i = 0;
  if (fits && factor >= 0 && factor <= FACTOR_MAX && (quiet || lowShift >= 1)) {
    const places = lowPlaces(shift);
    const factors = i32x4.splat(factor);
    const mask = i32x4.splat((1 << places) - 1);
    const half = i32x4.splat(lowHalf(shift));
    const joined = i32x4.splat(joinedHalf(shift));
    const rest = shift - places;
    const least = held(-LIMIT);
    const most = held(LIMIT);
    const one = held(1);
    // A branch in the loop would keep V8 from joining its halves.
    const share = quiet ? y : low;
    const keep = i32x4.splat(quiet ? 0 : -1);
    const sharePlaces = quiet ? 0 : lowShift - 1;
    for (; i + 8 <= count; i += 8) {
      const at = (<usize>i) << 2;
      const a = scaledLanes(v128.load(y + at), factors, places, mask, half, joined, rest);
      const b = scaledLanes(v128.load(y + at, 16), factors, places, mask, half, joined, rest);
      const c = v128.and(halved(v128.load(share + at), sharePlaces, one), keep);
      const d = v128.and(halved(v128.load(share + at, 16), sharePlaces, one), keep);
      v128.store(y + at, between(i32x4.add(a, c), least, most));
      v128.store(y + at, between(i32x4.add(b, d), least, most), 16);
    }
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    let value = rsh(<i64>load<i32>(y + at) * <i64>factor, shift);
    if (low !== 0) value += rsh(<i64>load<i32>(low + at), lowShift);
    store<i32>(y + at, sat30(value));
  }
}

/** y[i] = SAT30(x[i] + y[i]) for one run of i32. */
export function addRun(x: usize, y: usize, count: i32): void {
  const low = held(-LIMIT);
  const high = held(LIMIT);
  const end = held(i32.MAX_VALUE);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = (<usize>i) << 2;
    const a = addSat30(v128.load(x + at), v128.load(y + at), low, high, end);
    const b = addSat30(v128.load(x + at, 16), v128.load(y + at, 16), low, high, end);
    v128.store(y + at, a);
    v128.store(y + at, b, 16);
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    store<i32>(y + at, sat30(<i64>load<i32>(x + at) + <i64>load<i32>(y + at)));
  }
}

/** y[i] = SAT30(RSH(x[i], shiftX) + RSH(y[i], shiftY)), shifts >= 0: two rows to one exponent. */
export function alignRun(x: usize, shiftX: i32, y: usize, shiftY: i32, count: i32): void {
  const low = held(-LIMIT);
  const high = held(LIMIT);
  const end = held(i32.MAX_VALUE);
  const firstX = firstPlaces(shiftX);
  const firstY = firstPlaces(shiftY);
  const lastX = lastPlace(shiftX);
  const lastY = lastPlace(shiftY);
  const bitX = i32x4.splat(lastX);
  const bitY = i32x4.splat(lastY);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const at = (<usize>i) << 2;
    const a = alignLanes(v128.load(x + at), firstX, lastX, bitX);
    const b = alignLanes(v128.load(x + at, 16), firstX, lastX, bitX);
    const c = alignLanes(v128.load(y + at), firstY, lastY, bitY);
    const d = alignLanes(v128.load(y + at, 16), firstY, lastY, bitY);
    v128.store(y + at, addSat30(a, c, low, high, end));
    v128.store(y + at, addSat30(b, d, low, high, end), 16);
  }
  for (; i < count; i++) {
    const at = (<usize>i) << 2;
    const sum = rsh(<i64>load<i32>(x + at), shiftX) + rsh(<i64>load<i32>(y + at), shiftY);
    store<i32>(y + at, sat30(sum));
  }
}

/** A shift s >= 0 in two parts without a branch: all places but the last, whose bit is added, and the last, if any. */
function firstPlaces(s: i32): i32 {
  return min(max(s, 1), 32) - 1;
}

function lastPlace(s: i32): i32 {
  return min(s, 1);
}

/** RSH of i32 lanes by both parts; `bit` has the last place in every lane. By 32 and more every value rounds to 0. */
function alignLanes(x: v128, first: i32, last: i32, bit: v128): v128 {
  const moved = i32x4.shr_s(x, first);
  return i32x4.add(i32x4.shr_s(moved, last), v128.and(moved, bit));
}
