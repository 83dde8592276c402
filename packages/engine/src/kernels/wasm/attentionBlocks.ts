/** Attention is computed in blocks of 32 rows: which block comes when, and the products of its rows. */
import { denseProduct, widen } from "./dense";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

export const BLOCK: i32 = 32;
/** The right operand of a product lies by columns. */
const BY_COLUMNS: i32 = 1;

/** Products of `height` int8 rows with `width` int8 rows of a head, i32 with `stride`. */
export function headProduct(
  a: usize,
  b: usize,
  size: i32,
  c: usize,
  stride: i32,
  height: i32,
  width: i32,
  scratch: usize,
): void {
  const left = scratch + LEFT_OFFSET;
  widen(a, left, height * size);
  const panel = scratch + PANEL_OFFSET;
  denseProduct(left, size, b, size, 0, c, stride, height, width, size, 1, panel);
}

/** c[height, size] = (or +=) i16 rows of `left` times `depth` int8 rows of `right`. */
export function rowProduct(
  left: usize,
  strideLeft: i32,
  right: usize,
  c: usize,
  height: i32,
  size: i32,
  depth: i32,
  fresh: bool,
  panel: usize,
): void {
  const begin = fresh ? 1 : 0;
  denseProduct(
    left,
    strideLeft,
    right,
    size,
    BY_COLUMNS,
    c,
    size,
    height,
    size,
    depth,
    begin,
    panel,
  );
}

/** Block `index` of `count` so that neighbouring indices cost the same: first, last, second, .. */
export function balancedBlock(index: i32, count: i32): i32 {
  return (index & 1) === 0 ? index >> 1 : count - 1 - (index >> 1);
}
