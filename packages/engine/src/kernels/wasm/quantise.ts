/** AQ over rows and blocks: magnitudes, mantissas, exact reductions. Kinds of ops/quantise, ops/reduce, ops/group. */
import { bitLength, bitLengthWide, magnitudeWide, NO_MAGNITUDE, quantiseOne } from "./integer";
import { between, halved, held, maxLane, regularPlaces, regularRow, unionOf } from "./lanes";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

/** Element formats as the host numbers them; the order is that of `DTYPES` in backends/wasm. */
export const DTYPE_I8: i32 = 0;
export const DTYPE_I16: i32 = 1;
export const DTYPE_I32: i32 = 2;
export const DTYPE_I64: i32 = 3;

/** One element of a tensor of any format. */
export function loadElement(base: usize, index: usize, dtype: i32): i64 {
  if (dtype === DTYPE_I32) return <i64>load<i32>(base + (index << 2));
  if (dtype === DTYPE_I16) return <i64>load<i16>(base + (index << 1));
  if (dtype === DTYPE_I8) return <i64>load<i8>(base + index);
  return load<i64>(base + (index << 3));
}

export function storeElement(base: usize, index: usize, dtype: i32, value: i64): void {
  if (dtype === DTYPE_I32) store<i32>(base + (index << 2), <i32>value);
  else if (dtype === DTYPE_I16) store<i16>(base + (index << 1), <i16>value);
  else if (dtype === DTYPE_I8) store<i8>(base + index, <i8>value);
  else store<i64>(base + (index << 3), value);
}

/**
 * The union of the magnitudes' bits of i32 x[0..count): it has the bit length of the largest one.
 * With `positive`, negative elements count as zero. `spare` is room for 32 bytes.
 */
export function magnitudeBits(x: usize, count: i32, positive: bool, spare: usize): u32 {
  const vectors = count & ~7;
  const floor = i32x4.splat(positive ? 0 : i32.MIN_VALUE);
  let a = i32x4.splat(0);
  let b = a;
  for (let i = 0; i < vectors; i += 8) {
    const at = x + ((<usize>i) << 2);
    a = v128.or(a, i32x4.abs(i32x4.max_s(v128.load(at), floor)));
    b = v128.or(b, i32x4.abs(i32x4.max_s(v128.load(at, 16), floor)));
  }
  let union = unionOf(a, b, spare);
  for (let i = vectors; i < count; i++) {
    const value = load<i32>(x + ((<usize>i) << 2));
    if (!positive || value > 0) union |= <u32>(value < 0 ? -value : value);
  }
  return union;
}

/** Magnitude of one row of a block, before its exponent: a bit length, 0 for a row of zeros. */
function rowBits(
  x: usize,
  index: usize,
  count: i32,
  dtype: i32,
  positive: bool,
  spare: usize,
): i32 {
  if (dtype === DTYPE_I32)
    return bitLength(magnitudeBits(x + (index << 2), count, positive, spare));
  let union: u64 = 0;
  for (let i = 0; i < count; i++) {
    const value = loadElement(x, index + <usize>i, dtype);
    if (!positive || value > 0) union |= magnitudeWide(value);
  }
  return bitLengthWide(union);
}

/**
 * Kind `magnitude`. Parts are blocks, row by row. `exponents` (i16 [rows, 1]) or 0 with the shared
 * `exponent`. Output i16.
 */
export function magnitudeBlocks(
  x: usize,
  dtype: i32,
  rows: i32,
  columns: i32,
  exponents: usize,
  exponent: i32,
  chunkRows: i32,
  chunkColumns: i32,
  positive: i32,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const perRow = (columns + chunkColumns - 1) / chunkColumns;
  const spare = scratch + PANEL_OFFSET;
  for (let block = from; block < to; block++) {
    const row0 = (block / perRow) * chunkRows;
    const column0 = (block % perRow) * chunkColumns;
    const count = min(chunkColumns, columns - column0);
    let best = NO_MAGNITUDE;
    for (let i = row0; i < min(row0 + chunkRows, rows); i++) {
      const at = <usize>i * <usize>columns + <usize>column0;
      const bits = rowBits(x, at, count, dtype, positive !== 0, spare);
      if (bits === 0) continue;
      const e = exponents === 0 ? exponent : <i32>load<i16>(exponents + ((<usize>i) << 1));
      best = max(best, bits - e);
    }
    store<i16>(out + ((<usize>block) << 1), <i16>best);
  }
}

/** Mantissas of one i32 row: out[i] = clamp(RSH(x[i], shift), limit). At most 16 bits. */
export function quantiseRow(
  x: usize,
  count: i32,
  shift: i32,
  bits: i32,
  out: usize,
  scratch: usize,
): void {
  const limit = (1 << (bits - 1)) - 1;
  const narrow = bits <= 8;
  const row = regularRow(x, count, shift, scratch + LEFT_OFFSET);
  const places = regularPlaces(shift);
  const high = i32x4.splat(limit);
  const low = i32x4.splat(-limit);
  const one = held(1);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const p = row + ((<usize>i) << 2);
    const a = between(halved(v128.load(p), places, one), low, high);
    const b = between(halved(v128.load(p, 16), places, one), low, high);
    const words = i16x8.narrow_i32x4_s(a, b);
    if (narrow) v128.store64_lane(out + <usize>i, i8x16.narrow_i16x8_s(words, words), 0);
    else v128.store(out + ((<usize>i) << 1), words);
  }
  for (; i < count; i++) {
    const q = quantiseOne(<i64>load<i32>(x + ((<usize>i) << 2)), shift, <i64>limit);
    if (narrow) store<i8>(out + <usize>i, <i8>q);
    else store<i16>(out + ((<usize>i) << 1), <i16>q);
  }
}

/**
 * Kind `quantise`. Parts are rows. `magnitudes` is i16, one for each row or (`shared`) one for all.
 */
export function quantiseRows(
  x: usize,
  dtype: i32,
  columns: i32,
  magnitudes: usize,
  shared: i32,
  exponents: usize,
  exponent: i32,
  bits: i32,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const outShift: usize = bits <= 8 ? 0 : 1;
  for (let i = from; i < to; i++) {
    const row = <usize>i * <usize>columns;
    const m = <i32>load<i16>(magnitudes + (shared !== 0 ? 0 : (<usize>i) << 1));
    const target = out + (row << outShift);
    if (m === NO_MAGNITUDE) {
      memory.fill(target, 0, (<usize>columns) << outShift);
      continue;
    }
    const e = exponents === 0 ? exponent : <i32>load<i16>(exponents + ((<usize>i) << 1));
    const shift = m + e - (bits - 1);
    if (dtype === DTYPE_I32) {
      quantiseRow(x + (row << 2), columns, shift, bits, target, scratch);
      continue;
    }
    const limit = ((<i64>1) << (<i64>(bits - 1))) - 1;
    for (let j = 0; j < columns; j++) {
      const q = quantiseOne(loadElement(x, row + <usize>j, dtype), shift, limit);
      if (bits <= 8) store<i8>(target + <usize>j, <i8>q);
      else store<i16>(target + ((<usize>j) << 1), <i16>q);
    }
  }
}

/** Largest of i32 x[0..count). */
function largestOf(x: usize, count: i32): i32 {
  let bests = i32x4.splat(i32.MIN_VALUE);
  let i = 0;
  for (; i + 4 <= count; i += 4) bests = i32x4.max_s(bests, v128.load(x + ((<usize>i) << 2)));
  let best = maxLane(bests);
  for (; i < count; i++) best = max(best, load<i32>(x + ((<usize>i) << 2)));
  return best;
}

/** Kinds `reduce.max` and (`sum`) `reduce.sum`. Parts are blocks, row by row. */
export function reduceBlocks(
  x: usize,
  dtype: i32,
  rows: i32,
  columns: i32,
  chunkRows: i32,
  chunkColumns: i32,
  sum: i32,
  out: usize,
  outDtype: i32,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const perRow = (columns + chunkColumns - 1) / chunkColumns;
  for (let block = from; block < to; block++) {
    const row0 = (block / perRow) * chunkRows;
    const column0 = (block % perRow) * chunkColumns;
    const columnEnd = min(column0 + chunkColumns, columns);
    let total: i64 = sum !== 0 ? 0 : i64.MIN_VALUE;
    for (let i = row0; i < min(row0 + chunkRows, rows); i++) {
      const row = <usize>i * <usize>columns;
      if (dtype === DTYPE_I32 && sum === 0) {
        const first = x + ((row + <usize>column0) << 2);
        total = max<i64>(total, largestOf(first, columnEnd - column0));
        continue;
      }
      for (let j = column0; j < columnEnd; j++) {
        const value = loadElement(x, row + <usize>j, dtype);
        total = sum !== 0 ? total + value : max(total, value);
      }
    }
    storeElement(out, <usize>block, outDtype, total);
  }
}

/** Kinds `group.max` and (`sum`) `group.sum`. Parts are output rows [sequence, key head, position]. */
export function groupRows(
  x: usize,
  dtype: i32,
  columns: i32,
  group: i32,
  length: i32,
  sum: i32,
  out: usize,
  outDtype: i32,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let row = from; row < to; row++) {
    const head = row / length;
    const position = row - head * length;
    for (let j = 0; j < columns; j++) {
      let total: i64 = sum !== 0 ? 0 : i64.MIN_VALUE;
      for (let g = 0; g < group; g++) {
        const source = (head * group + g) * length + position;
        const value = loadElement(x, <usize>source * <usize>columns + <usize>j, dtype);
        total = sum !== 0 ? total + value : max(total, value);
      }
      storeElement(out, <usize>row * <usize>columns + <usize>j, outDtype, total);
    }
  }
}
