/**
 * Rows of which each element has an exponent of its own. SIMD has no shift that differs from lane to lane, so a row is multiplied by
 * powers of two first, x_j * 2^(top - e_j), and shifted as a whole once: RSH(x * 2^a, n + a) = RSH(x, n). Rows whose exponents are too
 * far apart take the scalar path of whoever asks.
 */
import { integer, scalar } from "./elements";
import { magnitudeWide, ZERO_EXPONENT } from "./integer";

/** The exponents that `spreadPowers` looked at last: the largest, and how far below it they go. */
export let top: i32 = 0;
export let spread: i32 = 0;

/**
 * powers[j] = 2^(top - e_j) as u32, 0 for zero rows, which the maximum ignores. Without any other
 * row, or with a spread past 30, `spread` is 99 and the powers mean nothing.
 */
export function spreadPowers(exponents: usize, count: i32, powers: usize): void {
  let high = -ZERO_EXPONENT;
  let low = ZERO_EXPONENT;
  for (let j = 0; j < count; j++) {
    const e = scalar(exponents, j);
    if (e === ZERO_EXPONENT) continue;
    high = max(high, e);
    low = min(low, e);
  }
  top = high;
  spread = high - low;
  if (high < low || spread > 30) {
    spread = 99;
    return;
  }
  for (let j = 0; j < count; j++) {
    const e = scalar(exponents, j);
    store<u32>(powers + ((<usize>j) << 2), e === ZERO_EXPONENT ? 0 : (<u32>1) << (<u32>(high - e)));
  }
}
/** Union of the bits of |x_j| * 2^(top - e_j), u64. */
export function spreadBits(x: usize, powers: usize, count: i32): u64 {
  let union = i64x2.splat(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = (<usize>j) << 2;
    const value = i32x4.abs(v128.load(x + at));
    const p = v128.load(powers + at);
    union = v128.or(union, i64x2.extmul_low_i32x4_u(value, p));
    union = v128.or(union, i64x2.extmul_high_i32x4_u(value, p));
  }
  let bits = <u64>(i64x2.extract_lane(union, 0) | i64x2.extract_lane(union, 1));
  for (; j < count; j++) {
    bits |= magnitudeWide(<i64>integer(x, j)) * <u64>load<u32>(powers + ((<usize>j) << 2));
  }
  return bits;
}

/** Largest shift of `spreadBytes`: the product then has 62 bits. */
export const SPREAD_SHIFT_MAX: i32 = 55;

/**
 * clamp(RSH(x * power, shift), 127) of four lanes, for 1 <= shift <= SPREAD_SHIFT_MAX and a product within
 * 2^(shift + 7). Raised by so much it is never negative: AVX2 has no arithmetic shift of 64 bits.
 */
export function spreadBytes(x: v128, power: v128, shift: i32): v128 {
  const raised = i64x2.splat((<i64>257) << (<i64>(shift - 1)));
  const low = i64x2.shr_u(i64x2.add(i64x2.extmul_low_i32x4_s(x, power), raised), shift);
  const high = i64x2.shr_u(i64x2.add(i64x2.extmul_high_i32x4_s(x, power), raised), shift);
  const q = i32x4.sub(v128.shuffle<i32>(low, high, 0, 2, 4, 6), i32x4.splat(128));
  return i32x4.max_s(i32x4.splat(-127), i32x4.min_s(i32x4.splat(127), q));
}
