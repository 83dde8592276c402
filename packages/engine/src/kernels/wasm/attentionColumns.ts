/**
 * Columns of a head's matrix of P (i16) or D (i32), whose rows have exponents of their own: their magnitudes, and their values in
 * 8 bits, transposed.
 */
import { integer } from "./elements";
import { bitLength, NO_MAGNITUDE, quantiseOne, ZERO_EXPONENT } from "./integer";
import { SHIFT_TO_ZERO } from "./lanes";
import { SPREAD_SHIFT_MAX, spreadBytes } from "./powers";

/** Exponents from here on belong to rows of zeros, or of values that only other zeros let count. */
const FAR: i32 = ZERO_EXPONENT - 512;

/** Four values of row `row`, column 4 c of a matrix of i32 or (`half`) i16. */
function loadFour(row: usize, column: i32, half: bool): v128 {
  const at = (<usize>column) << (half ? 1 : 2);
  return half ? v128.load16x4_s(row + at) : v128.load(row + at);
}

/** Four more values of a column each: their bits past the last `places` join those found so far. */
function joinBits(bits: v128, x: v128, places: i32): v128 {
  return v128.or(bits, i32x4.shr_u(i32x4.abs(x), places));
}

/**
 * Magnitudes of `columns` columns (a multiple of 4, at most 32) over the rows [0, count) of one head,
 * whose exponents are g[i] (i32): max of bitLength(x) - g. With all values shifted right to the least
 * exponent, the longest that is left has the magnitude; a column of which nothing is left is looked at
 * one value after the other. `best[column]` i32 is raised. Rows are read to a multiple of 16 columns.
 */
export function columnMagnitudes(
  x: usize,
  rowBytes: usize,
  half: bool,
  g: usize,
  count: i32,
  columns: i32,
  unions: usize,
  best: usize,
): void {
  let least = i32.MAX_VALUE;
  for (let i = 0; i < count; i++) least = min(least, integer(g, i));
  for (let c = 0; c < columns; c += 16) {
    let a = i32x4.splat(0);
    let b = a;
    let d = a;
    let e = a;
    for (let i = 0; i < count; i++) {
      const places = integer(g, i) - least;
      if (places > 31) continue;
      const row = x + <usize>i * rowBytes + ((<usize>c) << (half ? 1 : 2));
      if (half) {
        const first = v128.load(row);
        const second = v128.load(row, 16);
        a = joinBits(a, i32x4.extend_low_i16x8_s(first), places);
        b = joinBits(b, i32x4.extend_high_i16x8_s(first), places);
        d = joinBits(d, i32x4.extend_low_i16x8_s(second), places);
        e = joinBits(e, i32x4.extend_high_i16x8_s(second), places);
      } else {
        a = joinBits(a, v128.load(row), places);
        b = joinBits(b, v128.load(row, 16), places);
        d = joinBits(d, v128.load(row, 32), places);
        e = joinBits(e, v128.load(row, 48), places);
      }
    }
    v128.store(unions, a);
    v128.store(unions, b, 16);
    v128.store(unions, d, 32);
    v128.store(unions, e, 48);
    for (let column = c; column < min(columns, c + 16); column++) {
      const bits = bitLength(<u32>integer(unions, column - c));
      const at = best + ((<usize>column) << 2);
      const found =
        bits === 0 ? columnMagnitude(x, rowBytes, half, g, count, column) : bits - least;
      store<i32>(at, max(load<i32>(at), found));
    }
  }
}

/** Magnitude of one column, or NO_MAGNITUDE. */
function columnMagnitude(
  x: usize,
  rowBytes: usize,
  half: bool,
  g: usize,
  count: i32,
  column: i32,
): i32 {
  let best = NO_MAGNITUDE;
  for (let i = 0; i < count; i++) {
    const value = cellOf(x + <usize>i * rowBytes, column, half);
    if (value !== 0) best = max(best, bitLength(<u32>abs(value)) - integer(g, i));
  }
  return best;
}

function cellOf(row: usize, column: i32, half: bool): i32 {
  return half ? <i32>load<i16>(row + ((<usize>column) << 1)) : integer(row, column);
}

/**
 * Columns of one head in 8 bits at the magnitudes `best`, transposed into i16 rows of `left` with
 * `strideLeft`: left[column][i]. `powers` is room for a u32 for each row.
 */
export function columnBytes(
  x: usize,
  rowBytes: usize,
  half: bool,
  g: usize,
  count: i32,
  columns: i32,
  best: usize,
  left: usize,
  strideLeft: i32,
  powers: usize,
): void {
  let high = -ZERO_EXPONENT;
  let low = FAR;
  for (let i = 0; i < count; i++) {
    const e = integer(g, i);
    // A row this far off rounds to zero beside any other; beside none the scalar path decides.
    if (e >= FAR) continue;
    high = max(high, e);
    low = min(low, e);
  }
  const vectors = high >= low && high - low <= 30 ? count & ~3 : 0;
  for (let i = 0; i < vectors; i++) {
    const e = integer(g, i);
    store<u32>(powers + ((<usize>i) << 2), e >= FAR ? 0 : (<u32>1) << (<u32>(high - e)));
  }
  for (let c = 0; c < columns; c += 4) {
    const spread = spreadShift(best + ((<usize>c) << 2), min(4, columns - c), high);
    const from = spread ? vectors : 0;
    for (let i = 0; i < from; i += 4) {
      const block = x + <usize>i * rowBytes;
      const power = v128.load(powers + ((<usize>i) << 2));
      const target = left + ((<usize>(c * strideLeft + i)) << 1);
      fourColumns(block, rowBytes, half, c, power, best, high, target, strideLeft);
    }
    for (let column = c; column < min(columns, c + 4); column++) {
      const m = integer(best, column);
      for (let i = from; i < count; i++) {
        const value = cellOf(x + <usize>i * rowBytes, column, half);
        const shift = m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + integer(g, i) - 7;
        const q = quantiseOne(<i64>value, shift, 127);
        store<i16>(left + ((<usize>(column * strideLeft + i)) << 1), <i16>q);
      }
    }
  }
}

/** True if `spreadBytes` shifts all of up to four columns. */
function spreadShift(best: usize, count: i32, high: i32): bool {
  for (let c = 0; c < count; c++) {
    const shift = integer(best, c) + high - 7;
    if (shift < 1 || shift > SPREAD_SHIFT_MAX) return false;
  }
  return count === 4;
}

/** A 4 x 4 block, transposed and rounded: columns c..c+3 of rows i..i+3, to four rows of `target`. */
function fourColumns(
  block: usize,
  rowBytes: usize,
  half: bool,
  c: i32,
  power: v128,
  best: usize,
  high: i32,
  target: usize,
  strideLeft: i32,
): void {
  const r0 = loadFour(block, c, half);
  const r1 = loadFour(block + rowBytes, c, half);
  const r2 = loadFour(block + 2 * rowBytes, c, half);
  const r3 = loadFour(block + 3 * rowBytes, c, half);
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
  const b = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const d = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
  const e = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  const shift = best + ((<usize>c) << 2);
  const stride = (<usize>strideLeft) << 1;
  storeBytes(v128.shuffle<i64>(a, b, 0, 2), power, load<i32>(shift) + high - 7, target);
  storeBytes(v128.shuffle<i64>(a, b, 1, 3), power, load<i32>(shift, 4) + high - 7, target + stride);
  const third = target + 2 * stride;
  storeBytes(v128.shuffle<i64>(d, e, 0, 2), power, load<i32>(shift, 8) + high - 7, third);
  const fourth = third + stride;
  storeBytes(v128.shuffle<i64>(d, e, 1, 3), power, load<i32>(shift, 12) + high - 7, fourth);
}

function storeBytes(x: v128, power: v128, shift: i32, target: usize): void {
  const q = spreadBytes(x, power, shift);
  v128.store64_lane(target, i16x8.narrow_i32x4_s(q, q), 0);
}
