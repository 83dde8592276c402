/**
 * The integer primitives of spec/arithmetic.md section 2 in 32 and 64 bits. Each equals the
 * definition of the same name in src/arithmetic over the range its comment gives.
 */

/** Magnitude of a set without a non-zero element. */
export const NO_MAGNITUDE: i32 = -16384;
/** Exponent of a row that is zero throughout. */
export const ZERO_EXPONENT: i32 = 16384;

export const SAT30: i64 = 1 << 30;

export function bitLength(x: u32): i32 {
  return 32 - <i32>clz<u32>(x);
}

export function bitLengthWide(x: u64): i32 {
  return 64 - <i32>clz<u64>(x);
}

export function magnitude(x: i32): u32 {
  return <u32>(x < 0 ? -x : x);
}

export function magnitudeWide(x: i64): u64 {
  return <u64>(x < 0 ? -x : x);
}

/**
 * RSH for |x| < 2^61. A left shift past 2^61 saturates there: the definition would go on, and every
 * caller ends in a clamp far below.
 */
export function rsh(x: i64, s: i32): i64 {
  if (s > 62) return 0;
  if (s > 0) return (x + ((<i64>1) << (<i64>(s - 1)))) >> <i64>s;
  if (bitLengthWide(magnitudeWide(x)) - s > 61) return x < 0 ? -(1 << 61) : x === 0 ? 0 : 1 << 61;
  return x << (<i64>-s);
}

export function clamp(x: i64, limit: i64): i64 {
  return x > limit ? limit : x < -limit ? -limit : x;
}

export function sat30(x: i64): i32 {
  return <i32>clamp(x, SAT30);
}

/** floor(a / b) for b >= 1. */
export function divFloor(a: i64, b: i64): i64 {
  const quotient = a / b;
  return a < quotient * b ? quotient - 1 : quotient;
}

/** Quotient rounded to nearest, halves away from zero, for b >= 1. */
export function divRound(a: i64, b: i64): i64 {
  const half = b >> 1;
  return a >= 0 ? (a + half) / b : -((half - a) / b);
}

/** Floor of the square root of 32 bits, by integer Newton steps from above. */
function isqrtShort(x: u32): u32 {
  if (x === 0) return 0;
  // 2^16 is the largest start; the sum root + x / root stays in 32 bits.
  let root: u32 = (<u32>1) << (<u32>((bitLength(x) + 1) >> 1));
  let next = (root + x / root) >> 1;
  while (next < root) {
    root = next;
    next = (root + x / root) >> 1;
  }
  return root;
}

/**
 * ISQRT: floor of the square root. The root of the leading 32 bits, plus one, bounds the root from
 * above within 2^-15 of it, so one or two wide Newton steps remain.
 */
export function isqrt(x: u64): u64 {
  const length = bitLengthWide(x);
  if (length <= 32) return <u64>isqrtShort(<u32>x);
  const cut: u64 = <u64>((length - 31) & ~1);
  let root = (<u64>isqrtShort(<u32>(x >> cut)) + 1) << (cut >> 1);
  let next = (root + x / root) >> 1;
  while (next < root) {
    root = next;
    next = (root + x / root) >> 1;
  }
  return root;
}

/** AQ mantissa of x * 2^-e at magnitude m in b bits, where `shift` = m + e - (b - 1). */
export function quantiseOne(x: i64, shift: i32, limit: i64): i64 {
  if (shift > 0 || x === 0) return clamp(rsh(x, shift), limit);
  // The shortest value shifted this far is past every mantissa of at most 16 bits.
  if (shift < -16) return x > 0 ? limit : -limit;
  return clamp(x << (<i64>-shift), limit);
}

/** The factors of `mix`. */
export const MIX_FIRST: u32 = 0x7feb352d;
export const MIX_SECOND: u32 = 0x846ca68b;

function mix(x: u32): u32 {
  x ^= x >>> 16;
  x *= MIX_FIRST;
  x ^= x >>> 15;
  x *= MIX_SECOND;
  return x ^ (x >>> 16);
}

/** The part of `noise` that a whole row of one tensor shares. */
export function noiseRow(low: u32, high: u32, site: u32, row: u32): u32 {
  return mix(mix(mix(mix(low) + high) + site) + row);
}

export function noiseAt(row: u32, column: u32): u32 {
  return mix(row + column);
}

/** EXP2N: 2^(-distance / 2^16) in Q30 by the 257-entry table at `table` (i32). */
export function exp2n(distance: u32, table: usize): i32 {
  const halvings = distance >>> 16;
  if (halvings > 30) return 0;
  const entry = table + ((<usize>((distance >>> 8) & 255)) << 2);
  const from = load<i32>(entry);
  const interpolated = from - (((from - load<i32>(entry, 4)) * <i32>(distance & 255)) >> 8);
  return interpolated >> <i32>halvings;
}

/** LOG2: log2(x) in Q16, x >= 1, by the 257-entry table at `table` (i32). */
export function log2(x: u64, table: usize): i64 {
  const whole = bitLengthWide(x) - 1;
  const mantissa = whole >= 24 ? x >> <u64>(whole - 24) : x << (<u64>(24 - whole));
  const fraction = <i32>(mantissa - 0x1000000);
  const entry = table + ((<usize>(fraction >> 16)) << 2);
  const from = <i64>load<i32>(entry);
  const step = (<i64>load<i32>(entry, 4) - from) * <i64>(fraction & 0xffff);
  return ((<i64>whole) << 16) + from + (step >> 16);
}
