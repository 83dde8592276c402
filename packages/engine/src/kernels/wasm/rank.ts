/** The rank vectors between the factors, and the factors' gradients: the kinds of ops/rank.ts. */
import { denseProduct } from "./dense";
import {
  bitLengthWide,
  magnitudeWide,
  NO_MAGNITUDE,
  quantiseOne,
  rsh,
  ZERO_EXPONENT,
} from "./integer";
import { SHIFT_TO_ZERO } from "./lanes";
import { exponentAt } from "./linear";
import { LEFT_OFFSET, PANEL_OFFSET, STRIP_OFFSET } from "./scratch";

const RANK_BITS: i32 = 14;
const FOLD_BITS: i32 = 13;
const FACTOR_BITS: i32 = 12;
const BY_COLUMNS: i32 = 1;

/** Column of the partial sum of column j over chunk c of `count`, as gemm lays them out. */
function partialColumn(j: i32, c: i32, count: i32, columns: i32): i32 {
  const lane = min(32, columns);
  const block = j / lane;
  return (block * count + c) * lane + (j - block * lane);
}

/** Shift to `bits` bits of values at magnitude m (NO_MAGNITUDE: to zero) with exponent e. */
function shiftTo(m: i32, e: i32, bits: i32): i32 {
  return m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - (bits - 1);
}

/**
 * Kind `rank.quantise`: u i16 [rows, rank], e i16 [rows]. Parts are rows. `acc` i32
 * [rows, rank * count]; forward: `m` i32 [rows]; backward: `m` 0 and `dm` i16 [rows].
 */
export function rankQuantise(
  acc: usize,
  count: i32,
  factor: usize,
  m: usize,
  dm: usize,
  rank: i32,
  alphaShift: i32,
  u: usize,
  e: usize,
  shared: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const values = scratch + STRIP_OFFSET;
  for (let t = from; t < to; t++) {
    const factorExponent = exponentAt(factor + ((<usize>(t / shared)) << 1), FACTOR_BITS);
    const row = acc + ((<usize>t * <usize>(rank * count)) << 2);
    let c15: i64 = 0;
    let own = 0;
    if (m !== 0) {
      const rowScale = (<i64>load<i32>(m + ((<usize>t) << 2)) * 65536) / 127;
      const k = bitLengthWide(<u64>rowScale) - 15;
      c15 = rsh(rowScale, k);
      own = factorExponent + 13 - k - alphaShift;
    } else {
      own = exponentAt(dm + ((<usize>t) << 1), 8) + factorExponent - alphaShift;
    }
    let union: u64 = 0;
    for (let j = 0; j < rank; j++) {
      let sum: i64 = 0;
      for (let c = 0; c < count; c++) {
        sum += <i64>load<i32>(row + ((<usize>partialColumn(j, c, count, rank)) << 2));
      }
      if (m !== 0) sum = rsh(sum * c15, 15);
      store<i64>(values + ((<usize>j) << 3), sum);
      union |= magnitudeWide(sum);
    }
    const zero = union === 0;
    const best = zero ? NO_MAGNITUDE : bitLengthWide(union) - own;
    const shift = shiftTo(best, own, RANK_BITS);
    for (let j = 0; j < rank; j++) {
      const value = load<i64>(values + ((<usize>j) << 3));
      const q = quantiseOne(value, shift, (1 << (RANK_BITS - 1)) - 1);
      store<i16>(u + ((<usize>(t * rank + j)) << 1), <i16>q);
    }
    store<i16>(e + ((<usize>t) << 1), <i16>(zero ? ZERO_EXPONENT : RANK_BITS - 1 - best));
  }
}

/** The scale folded into row t: its multiplier (1 without `m`) and, returned, its exponent. */
function foldExponent(e: usize, dm: usize, t: i32, alphaShift: i32): i32 {
  const own = <i32>load<i16>(e + ((<usize>t) << 1));
  return dm === 0 ? own : own + exponentAt(dm + ((<usize>t) << 1), 8) - alphaShift;
}

function foldMultiplier(m: usize, t: i32): i64 {
  return m === 0 ? 1 : <i64>load<i32>(m + ((<usize>t) << 2));
}

/** Kind `fold.magnitude`: i16 [chunks]. Parts are chunks of tokens. */
export function foldMagnitude(
  u: usize,
  e: usize,
  m: usize,
  dm: usize,
  rows: i32,
  rank: i32,
  chunk: i32,
  alphaShift: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let c = from; c < to; c++) {
    let best = NO_MAGNITUDE;
    for (let t = c * chunk; t < min(rows, (c + 1) * chunk); t++) {
      const by = foldMultiplier(m, t);
      let union: u64 = 0;
      for (let j = 0; j < rank; j++) {
        union |= magnitudeWide(<i64>load<i16>(u + ((<usize>(t * rank + j)) << 1)) * by);
      }
      if (union !== 0) best = max(best, bitLengthWide(union) - foldExponent(e, dm, t, alphaShift));
    }
    store<i16>(out + ((<usize>c) << 1), <i16>best);
  }
}

/** Kind `fold.quantise`: i16 [rows, rank] at the one magnitude. Parts are rows. */
export function foldQuantise(
  u: usize,
  e: usize,
  magnitudes: usize,
  m: usize,
  dm: usize,
  rank: i32,
  alphaShift: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const best = <i32>load<i16>(magnitudes);
  for (let t = from; t < to; t++) {
    const shift = shiftTo(best, foldExponent(e, dm, t, alphaShift), FOLD_BITS);
    const by = foldMultiplier(m, t);
    for (let j = 0; j < rank; j++) {
      const at = (<usize>(t * rank + j)) << 1;
      const q = quantiseOne(<i64>load<i16>(u + at) * by, shift, (1 << (FOLD_BITS - 1)) - 1);
      store<i16>(out + at, <i16>q);
    }
  }
}

/** Columns of x that one pass of the gradient product covers. */
const GRADIENT_COLUMNS: i32 = 512;

/**
 * Kind `factor.gradient`: acc i32 [rank * chunks, columns]. Parts are columns of x, in steps of 16.
 * The q of a chunk is transposed into scratch, then it is a product like any other.
 */
export function factorGradient(
  q: usize,
  x: usize,
  rows: i32,
  rank: i32,
  columns: i32,
  chunk: i32,
  acc: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const left = scratch + LEFT_OFFSET;
  for (let c = 0; c * chunk < rows; c++) {
    const first = c * chunk;
    const steps = min(chunk, rows - first);
    const padded = (steps + 3) & ~3;
    for (let j = 0; j < rank; j++) {
      for (let t = 0; t < steps; t++) {
        const value = load<i16>(q + ((<usize>((first + t) * rank + j)) << 1));
        store<i16>(left + ((<usize>(j * padded + t)) << 1), value);
      }
    }
    for (let n = from; n < to; n += GRADIENT_COLUMNS) {
      denseProduct(
        left,
        padded,
        x + <usize>first * <usize>columns + <usize>n,
        columns,
        BY_COLUMNS,
        acc + ((<usize>(c * rank) * <usize>columns + <usize>n) << 2),
        columns,
        rank,
        min(GRADIENT_COLUMNS, to - n),
        steps,
        1,
        scratch + PANEL_OFFSET,
      );
    }
  }
}
