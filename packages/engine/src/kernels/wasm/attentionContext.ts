/** From weights and values to context: exact sums of all keys, shared out by the sum of the row. */
import { contextOf, reciprocalOf } from "./attention";
import { BLOCK } from "./attentionBlocks";
import { denseProduct } from "./dense";
import { integer } from "./elements";
import { bitLength } from "./integer";

/** Keys of one product of 14-bit weights with 12-bit values: 16383 * 2047 * 64 < 2^31. */
export const CONTEXT_DEPTH: i32 = 64;
/** The right operand of a product lies by columns and is i16. */
export const WIDE_COLUMNS: i32 = 3;

/** o = SAT30(RSH(RSH(sum of w v, 4) * R, L + 21 - x)) for a block; sums over 64 keys at a time in i32. */
export function contextBlock(
  weights: usize,
  stride: i32,
  values: usize,
  width: i32,
  height: i32,
  size: i32,
  sums: usize,
  rows: usize,
  panel: usize,
  out: usize,
  heads: i32,
): void {
  const wide = sums + ((<usize>(BLOCK * size)) << 2);
  memory.fill(wide, 0, (<usize>(height * size)) << 3);
  for (let k = 0; k < width; k += CONTEXT_DEPTH) {
    const depth = min(CONTEXT_DEPTH, width - k);
    const from = values + ((<usize>k * <usize>size) << 1);
    const left = weights + ((<usize>k) << 1);
    denseProduct(left, stride, from, size, WIDE_COLUMNS, sums, size, height, size, depth, 1, panel);
    addWide(wide, sums, height * size);
  }
  for (let i = 0; i < height; i++) {
    const row = rows + ((<usize>(i * stride)) << 2);
    const sum = load<u32>(row);
    const reciprocal = <i64>reciprocalOf(sum);
    const shift = bitLength(sum) + 21 - load<i32>(row, 4);
    const target = out + ((<usize>(i * heads * size)) << 2);
    for (let d = 0; d < size; d++) {
      const acc = load<i64>(wide + ((<usize>(i * size + d)) << 3));
      store<i32>(target + ((<usize>d) << 2), contextOf(acc, reciprocal, shift));
    }
  }
}

/** wide[i] += sums[i], i32 into i64. */
export function addWide(wide: usize, sums: usize, count: i32): void {
  let i = 0;
  for (; i + 4 <= count; i += 4) {
    const x = v128.load(sums + ((<usize>i) << 2));
    const to = wide + ((<usize>i) << 3);
    v128.store(to, i64x2.add(v128.load(to), i64x2.extend_low_i32x4_s(x)));
    v128.store(to, i64x2.add(v128.load(to, 16), i64x2.extend_high_i32x4_s(x)), 16);
  }
  for (; i < count; i++) {
    const to = wide + ((<usize>i) << 3);
    store<i64>(to, load<i64>(to) + <i64>integer(sums, i));
  }
}
