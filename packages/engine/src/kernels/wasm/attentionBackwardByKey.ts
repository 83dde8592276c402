/**
 * The second half of the gradient of attention, by blocks of keys: from P, D and their exponents to dk and dv.
 * The numbers are those of attention.ts, which defines them one operation at a time.
 */
import { BLOCK, balancedBlock, rowProduct } from "./attentionBlocks";
import { columnBytes, columnMagnitudes } from "./attentionColumns";
import { integer, scalar } from "./elements";
import { NO_MAGNITUDE } from "./integer";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

/** One of the two column-wise gradients of a block of keys; returns nothing, writes d and km. */
function gradientByKey(
  x: usize,
  half: bool,
  stride: i32,
  g: usize,
  right: usize,
  size: i32,
  group: i32,
  length: i32,
  j0: i32,
  height: i32,
  out: usize,
  km: usize,
  work: usize,
  panel: usize,
): void {
  const rowBytes = (<usize>stride) << (half ? 1 : 2);
  const best = work;
  const unions = work + 256;
  const powers = unions + 512;
  const left = powers + ((<usize>(length + 4)) << 2);
  const count = length - j0;
  const columns = (height + 3) & ~3;
  for (let c = 0; c < columns; c++) store<i32>(best + ((<usize>c) << 2), NO_MAGNITUDE);
  const columnOffset = (<usize>j0) << (half ? 1 : 2);
  for (let member = 0; member < group; member++) {
    const row0 = <usize>(member * length + j0);
    const block = x + row0 * rowBytes + columnOffset;
    columnMagnitudes(block, rowBytes, half, g + (row0 << 2), count, columns, unions, best);
  }
  for (let c = 0; c < height; c++) {
    store<i16>(km + ((<usize>c) << 1), <i16>integer(best, c));
  }
  const strideLeft = (count + 7) & ~7;
  for (let member = 0; member < group; member++) {
    const row0 = <usize>(member * length + j0);
    const block = x + row0 * rowBytes + columnOffset;
    columnBytes(
      block,
      rowBytes,
      half,
      g + (row0 << 2),
      count,
      height,
      best,
      left,
      strideLeft,
      powers,
    );
    const rows = right + row0 * <usize>size;
    rowProduct(left, strideLeft, rows, out, height, size, count, member === 0, panel);
  }
}

/**
 * The backward pass by keys: from P, D and their exponents to dk and dv and their magnitudes. Parts
 * are blocks of 32 keys of a key head. `exponents` i32 by query row is the exponent of D; `kg` and
 * `vg`, i32 by query row, are written here per head: the exponents with those of q or dO added.
 */
export function attentionBackwardByKey(
  p16: usize,
  d32: usize,
  exponents: usize,
  q8: usize,
  qe: usize,
  do8: usize,
  doe: usize,
  group: i32,
  length: i32,
  size: i32,
  valueSize: i32,
  dk: usize,
  km: usize,
  dv: usize,
  vm: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (length + 31) & ~31;
  const panel = scratch + PANEL_OFFSET;
  const sums = scratch + LEFT_OFFSET;
  const sumBytes = (<usize>(group * length)) << 2;
  const work = sums + 2 * sumBytes;
  const blocks = (length + BLOCK - 1) / BLOCK;
  for (let unit = from; unit < to; unit++) {
    const keyHead = unit / blocks;
    const j0 = balancedBlock(unit - keyHead * blocks, blocks) * BLOCK;
    const height = min(BLOCK, length - j0);
    const row0 = keyHead * group * length;
    for (let i = 0; i < group * length; i++) {
      const at = (<usize>i) << 2;
      store<i32>(sums + at, integer(exponents, row0 + i) + scalar(qe, row0 + i));
      store<i32>(sums + sumBytes + at, scalar(doe, row0 + i) + 15);
    }
    const key = <usize>(keyHead * length + j0);
    gradientByKey(
      d32 + ((<usize>row0 * <usize>stride) << 2),
      false,
      stride,
      sums,
      q8 + <usize>row0 * <usize>size,
      size,
      group,
      length,
      j0,
      height,
      dk + ((key * <usize>size) << 2),
      km + (key << 1),
      work,
      panel,
    );
    gradientByKey(
      p16 + ((<usize>row0 * <usize>stride) << 1),
      true,
      stride,
      sums + sumBytes,
      do8 + <usize>row0 * <usize>valueSize,
      valueSize,
      group,
      length,
      j0,
      height,
      dv + ((key * <usize>valueSize) << 2),
      vm + (key << 1),
      work,
      panel,
    );
  }
}
