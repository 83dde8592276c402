/**
 * Matrix products of int8 and int16 operands with i32 sums: head, attention, LoRA, gradients.
 * One inner loop serves all of them; the functions here lay the right operand out as panels.
 *
 * A 14-bit operand against an int8 one needs no limbs here: the pair product of `dot_i16x8` is
 * exact in 32 bits. Sums wrap at 32 bits, so callers split reductions where the bound says so.
 */
import { LEFT_OFFSET, PANEL_OFFSET, rowsPerBlock } from "./scratch";
import { DEPTH_MAX, tileI16, tileWideI16 } from "./tiles";

/** How the right operand lies: B[depth, columns] with this bit, B[columns, depth] without it. */
const BY_COLUMNS: i32 = 1;
/** The right operand is i16 with this bit, int8 without it. */
const WIDE: i32 = 2;

/** Bytes of a panel before the 4 x 8 block that receives a cut last panel. */
const EDGE_OFFSET: usize = 8192;

function loadEight(p: usize, wide: bool): v128 {
  return wide ? v128.load(p) : v128.load8x8_s(p);
}

function loadOne(p: usize, wide: bool): i32 {
  return wide ? <i32>load<i16>(p) : <i32>load<i8>(p);
}

/** Panel from rows of B: column j of the panel is row j. Rows past `columns` repeat the last one. */
function packRows(
  b: usize,
  strideB: usize,
  columns: i32,
  panel: usize,
  depth: i32,
  wide: bool,
): void {
  const shift: usize = wide ? 1 : 0;
  const vectorDepth = depth & ~7;
  for (let q = 0; q < 16; q += 4) {
    const p0 = b + <usize>min(q, columns - 1) * strideB;
    const p1 = b + <usize>min(q + 1, columns - 1) * strideB;
    const p2 = b + <usize>min(q + 2, columns - 1) * strideB;
    const p3 = b + <usize>min(q + 3, columns - 1) * strideB;
    let to = panel + ((<usize>q) << 2);
    for (let k = 0; k < vectorDepth; k += 8) {
      const at = (<usize>k) << shift;
      const r0 = loadEight(p0 + at, wide);
      const r1 = loadEight(p1 + at, wide);
      const r2 = loadEight(p2 + at, wide);
      const r3 = loadEight(p3 + at, wide);
      const lowA = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
      const lowB = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
      const highA = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
      const highB = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<i64>(lowA, lowB, 0, 2));
      v128.store(to, v128.shuffle<i64>(lowA, lowB, 1, 3), 64);
      v128.store(to, v128.shuffle<i64>(highA, highB, 0, 2), 128);
      v128.store(to, v128.shuffle<i64>(highA, highB, 1, 3), 192);
      to += 256;
    }
    packRowsTail(p0, p1, p2, p3, to, vectorDepth, depth, wide);
  }
}

/** The last steps of a reduction that is no multiple of 8, padded with zeros to a multiple of 4. */
function packRowsTail(
  p0: usize,
  p1: usize,
  p2: usize,
  p3: usize,
  to: usize,
  from: i32,
  depth: i32,
  wide: bool,
): void {
  const shift: usize = wide ? 1 : 0;
  for (let k = from; k < ((depth + 3) & ~3); k++) {
    const at = (<usize>k) << shift;
    const present = k < depth;
    const cell = to + (<usize>(k - from) >> 1) * 64 + ((<usize>(k & 1)) << 1);
    store<i16>(cell, present ? <i16>loadOne(p0 + at, wide) : 0);
    store<i16>(cell, present ? <i16>loadOne(p1 + at, wide) : 0, 4);
    store<i16>(cell, present ? <i16>loadOne(p2 + at, wide) : 0, 8);
    store<i16>(cell, present ? <i16>loadOne(p3 + at, wide) : 0, 12);
  }
}

/**
 * Panel from columns of B: reduction step k is row k. Columns past the matrix hold whatever follows
 * in memory (at most 16 bytes further); their sums are never stored.
 */
function packColumns(b: usize, strideB: usize, panel: usize, depth: i32, wide: bool): void {
  const zero = i32x4.splat(0);
  const half: usize = wide ? 16 : 8;
  for (let k = 0; k < ((depth + 3) & ~3); k += 2) {
    const p = b + <usize>k * strideB;
    for (let h: usize = 0; h < 2; h++) {
      const even = k < depth ? loadEight(p + h * half, wide) : zero;
      const odd = k + 1 < depth ? loadEight(p + strideB + h * half, wide) : zero;
      const to = panel + ((<usize>k) << 5) + h * 32;
      v128.store(to, v128.shuffle<i16>(even, odd, 0, 8, 1, 9, 2, 10, 3, 11));
      v128.store(to, v128.shuffle<i16>(even, odd, 4, 12, 5, 13, 6, 14, 7, 15), 16);
    }
  }
}

/** Eight columns of which only the first `columns` belong to `c`: computed aside and copied. */
function tileEdge(
  a: usize,
  strideA: usize,
  rows: i32,
  panel: usize,
  edge: usize,
  c: usize,
  strideC: usize,
  columns: i32,
  depth: i32,
  fresh: bool,
): void {
  tileI16(a, strideA, rows, panel, edge, 32, depth, true);
  for (let i = 0; i < min(rows, 4); i++) {
    for (let j = 0; j < columns; j++) {
      const from = edge + ((<usize>i) << 5) + ((<usize>j) << 2);
      const to = c + <usize>i * strideC + ((<usize>j) << 2);
      store<i32>(to, fresh ? load<i32>(from) : load<i32>(to) + load<i32>(from));
    }
  }
}

function sweepRows(
  a: usize,
  strideA: usize,
  rows: i32,
  panel: usize,
  edge: usize,
  c: usize,
  strideC: usize,
  columns: i32,
  depth: i32,
  fresh: bool,
): void {
  if (columns >= 16) {
    for (let m = 0; m < rows; m += 2) {
      tileWideI16(a, strideA, rows - m, panel, c, strideC, depth, fresh);
      a += strideA << 1;
      c += strideC << 1;
    }
    return;
  }
  for (let m = 0; m < rows; m += 4) {
    const left = rows - m;
    for (let h = 0; h < columns; h += 8) {
      const half = panel + ((<usize>h) << 2);
      const to = c + ((<usize>h) << 2);
      if (columns - h >= 8) {
        tileI16(a, strideA, left, half, to, strideC, depth, fresh);
      } else {
        tileEdge(a, strideA, left, half, edge, to, strideC, columns - h, depth, fresh);
      }
    }
    a += strideA << 2;
    c += strideC << 2;
  }
}

/**
 * c[m, n] = (or +=, when `fresh` is 0) sum over k < `depth` of a[m, k] * b(k, n).
 * `a` is i16 [rows, strideA] (up to 3 elements past a row are read and multiplied by zero), `b` lies
 * as `kind` (the bits above) says, `strideB` elements between its rows, `c` i32 [rows, strideC].
 * `panel` is this thread's scratch of 8,192 + 128 bytes.
 */
export function denseProduct(
  a: usize,
  strideA: i32,
  b: usize,
  strideB: i32,
  kind: i32,
  c: usize,
  strideC: i32,
  rows: i32,
  columns: i32,
  depth: i32,
  fresh: i32,
  panel: usize,
): void {
  const wide = (kind & WIDE) !== 0;
  const byColumns = (kind & BY_COLUMNS) !== 0;
  const shift: usize = wide ? 1 : 0;
  const strideBytes = (<usize>strideB) << shift;
  for (let n = 0; n < columns; n += 16) {
    for (let k = 0; k < depth; k += DEPTH_MAX) {
      const steps = min(DEPTH_MAX, depth - k);
      if (byColumns) {
        const from = b + <usize>k * strideBytes + ((<usize>n) << shift);
        packColumns(from, strideBytes, panel, steps, wide);
      } else {
        const from = b + <usize>n * strideBytes + ((<usize>k) << shift);
        packRows(from, strideBytes, columns - n, panel, steps, wide);
      }
      sweepRows(
        a + ((<usize>k) << 1),
        (<usize>strideA) << 1,
        rows,
        panel,
        panel + EDGE_OFFSET,
        c + ((<usize>n) << 2),
        (<usize>strideC) << 2,
        columns - n,
        (steps + 3) & ~3,
        fresh !== 0 && k === 0,
      );
    }
  }
}

/** to[i] = from[i], int8 to i16, `count` elements; reads and writes whole vectors of eight. */
export function widen(from: usize, to: usize, count: i32): void {
  for (let i = 0; i < count; i += 8) {
    v128.store(to + ((<usize>i) << 1), v128.load8x8_s(from + <usize>i));
  }
}

/**
 * sums[m] = sum over k of a[m, k], int8 rows; what a product with codes has to take back. `columns`
 * is a multiple of 16, as the inputs of a ternary matrix are.
 */
export function rowSums(a: usize, strideA: i32, rows: i32, columns: i32, sums: usize): void {
  for (let m = 0; m < rows; m++) {
    let total = i32x4.splat(0);
    const row = a + <usize>m * <usize>strideA;
    for (let k = 0; k < columns; k += 16) {
      const pairs = i16x8.extadd_pairwise_i8x16_s(v128.load(row + <usize>k));
      total = i32x4.add(total, i32x4.extadd_pairwise_i16x8_s(pairs));
    }
    store<i32>(sums + ((<usize>m) << 2), lanesSum(total));
  }
}

/** Sum of products of two int8 runs. */
export function dotBytes(a: usize, b: usize, count: i32): i32 {
  let sums = i32x4.splat(0);
  let i = 0;
  for (; i + 8 <= count; i += 8) {
    const x = v128.load8x8_s(a + <usize>i);
    sums = i32x4.add(sums, i32x4.dot_i16x8_s(x, v128.load8x8_s(b + <usize>i)));
  }
  let total = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  total += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; i < count; i++) total += <i32>load<i8>(a + <usize>i) * <i32>load<i8>(b + <usize>i);
  return total;
}

/** Below this many rows a product reads its right side once instead of packing it. */
export const PACK_ROWS_MIN: i32 = 4;

function lanesSum(x: v128): i32 {
  const low = i32x4.extract_lane(x, 0) + i32x4.extract_lane(x, 1);
  return low + i32x4.extract_lane(x, 2) + i32x4.extract_lane(x, 3);
}

/**
 * c[j] = sum over `depth` of a[k] * b[j, k] for `columns` rows of b: one i16 row against the rows as
 * they lie, four at a time so that a is loaded once for all. This is the product of decoding, which
 * waits for memory.
 */
export function rowTimesRows(
  a: usize,
  b: usize,
  strideBytes: usize,
  wide: bool,
  c: usize,
  columns: i32,
  depth: i32,
): void {
  const shift: usize = wide ? 1 : 0;
  const vectors = depth & ~7;
  for (let j = 0; j < columns; j += 4) {
    const p0 = b + <usize>j * strideBytes;
    const p1 = b + <usize>min(j + 1, columns - 1) * strideBytes;
    const p2 = b + <usize>min(j + 2, columns - 1) * strideBytes;
    const p3 = b + <usize>min(j + 3, columns - 1) * strideBytes;
    let s0 = i32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let k = 0; k < vectors; k += 8) {
      const x = v128.load(a + ((<usize>k) << 1));
      const at = (<usize>k) << shift;
      s0 = i32x4.add(s0, i32x4.dot_i16x8_s(x, loadEight(p0 + at, wide)));
      s1 = i32x4.add(s1, i32x4.dot_i16x8_s(x, loadEight(p1 + at, wide)));
      s2 = i32x4.add(s2, i32x4.dot_i16x8_s(x, loadEight(p2 + at, wide)));
      s3 = i32x4.add(s3, i32x4.dot_i16x8_s(x, loadEight(p3 + at, wide)));
    }
    const to = c + ((<usize>j) << 2);
    storeTail(to, a, p0, vectors, depth, wide, lanesSum(s0));
    if (j + 1 < columns) storeTail(to + 4, a, p1, vectors, depth, wide, lanesSum(s1));
    if (j + 2 < columns) storeTail(to + 8, a, p2, vectors, depth, wide, lanesSum(s2));
    if (j + 3 < columns) storeTail(to + 12, a, p3, vectors, depth, wide, lanesSum(s3));
  }
}

/** Stores a sum with the products past the last whole vector added. */
function storeTail(
  to: usize,
  a: usize,
  b: usize,
  from: i32,
  depth: i32,
  wide: bool,
  sum: i32,
): void {
  const shift: usize = wide ? 1 : 0;
  let total = sum;
  for (let k = from; k < depth; k++) {
    total += <i32>load<i16>(a + ((<usize>k) << 1)) * loadOne(b + ((<usize>k) << shift), wide);
  }
  store<i32>(to, total);
}

/** A block of int8 rows as i16 rows of `padded` elements in scratch; returns where it lies. */
function widenRows(
  a: usize,
  strideA: i32,
  rows: i32,
  depth: i32,
  padded: i32,
  scratch: usize,
): usize {
  const left = scratch + LEFT_OFFSET;
  for (let m = 0; m < rows; m++) {
    widen(a + <usize>m * <usize>strideA, left + ((<usize>(m * padded)) << 1), depth);
  }
  return left;
}

/**
 * Kind `gemm`: partial sums of int8 rows with b [columns, depth], a block of up to 32 columns of
 * every chunk beside each other. `kind` says how b lies: with BY_COLUMNS it is [depth, columns].
 * Parts are rows of a, or (`byColumns`) columns of the product in steps of the block. Of decode.product
 * each `shared` rows of a have a b, one behind the other.
 */
export function gemmRows(
  a: usize,
  b: usize,
  kind: i32,
  rows: i32,
  depth: i32,
  columns: i32,
  chunk: i32,
  out: usize,
  byColumns: i32,
  shared: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const lane = min(32, columns);
  const count = (depth + chunk - 1) / chunk;
  const rowEnd = byColumns !== 0 ? rows : to;
  const j0 = byColumns !== 0 ? from : 0;
  const j1 = byColumns !== 0 ? to : columns;
  const block = rowsPerBlock(min(chunk, depth) << 1);
  const strideC = columns * count;
  const shift: usize = (kind & WIDE) !== 0 ? 1 : 0;
  const isTransposed = (kind & BY_COLUMNS) !== 0;
  const strideB = isTransposed ? columns : depth;
  // With one chunk the blocks of columns lie as the columns do, and one call serves them all.
  const step = count === 1 ? j1 - j0 : lane;
  let height = 0;
  for (let t = byColumns !== 0 ? 0 : from; t < rowEnd; t += height) {
    const own = t / shared;
    height = min(min(block, rowEnd - t), (own + 1) * shared - t);
    const first = b + ((<usize>own * <usize>columns * <usize>depth) << shift);
    const packs = height >= PACK_ROWS_MIN || isTransposed;
    for (let k = 0; k < depth; k += chunk) {
      const left = a + <usize>t * <usize>depth + <usize>k;
      const steps = min(chunk, depth - k);
      const padded = (steps + 7) & ~7;
      const wide = widenRows(left, depth, height, steps, padded, scratch);
      for (let j = j0; j < j1; j += step) {
        const at = isTransposed ? k * columns + j : j * depth + k;
        const right = first + ((<usize>at) << shift);
        const column = count === 1 ? j : ((j / lane) * count + k / chunk) * lane;
        const c = out + ((<usize>t * <usize>strideC + <usize>column) << 2);
        const width = min(step, j1 - j);
        if (packs) {
          const panel = scratch + PANEL_OFFSET;
          denseProduct(
            wide,
            padded,
            right,
            strideB,
            kind,
            c,
            strideC,
            height,
            width,
            steps,
            1,
            panel,
          );
        } else {
          for (let m = 0; m < height; m++) {
            const row = wide + ((<usize>(m * padded)) << 1);
            const target = c + ((<usize>(m * strideC)) << 2);
            rowTimesRows(row, right, (<usize>strideB) << shift, shift === 1, target, width, steps);
          }
        }
      }
    }
  }
}
