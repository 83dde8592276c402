/**
 * Ternary matrix products on the P16 layout, forward and transposed, for both builds.
 *
 * P16 holds W[outputs, inputs] as u32 words P[outputs / 16][inputs / 16][16]: the word of output n
 * and input block t has the 16 codes w(n, 16 t + 4 f + b) + 1 at byte b, bits 2 f and 2 f + 1. One
 * mask of a shifted word gives four consecutive inputs of one row, so the same bytes serve the
 * forward product, the transposed one (a 4 x 4 byte transposition while decoding) and one row.
 *
 * Outputs and inputs are multiples of 16. Code 3 reads as +2 and is refused when weights are
 * loaded. The relaxed build multiplies int8 rows by codes, the base build i16 rows by weights;
 * both give the same sums.
 */
import { DEPTH_MAX, tileCodes, tileI16 } from "./tiles";

/**
 * Four codes of three, splatted. A mutable global on purpose: written as a constant, the optimizer
 * copies the vector literal to every use, and V8 then materialises it inside the loop.
 */
// biome-ignore lint/style/useConst: a constant halves the speed of the inner loops, see above.
export let CODE_MASK: i32 = 0x03030303;

function storeCodes(panel: usize, codes: v128): void {
  if (ASC_FEATURE_RELAXED_SIMD) {
    v128.store(panel, codes);
    return;
  }
  const weights = i8x16.sub(codes, i8x16.splat(1));
  const low = i16x8.extend_low_i8x16_s(weights);
  const high = i16x8.extend_high_i8x16_s(weights);
  v128.store(panel, v128.shuffle<i32>(low, high, 0, 2, 4, 6));
  v128.store(panel, v128.shuffle<i32>(low, high, 1, 3, 5, 7), 64);
}

function transposeQuads(x: v128): v128 {
  return v128.shuffle<i8>(x, x, 0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
}

/** Decodes `blocks` words of 16 rows into a panel whose columns are the 16 outputs. */
function decodeForward(p: usize, panel: usize, blocks: i32): void {
  const mask = i32x4.splat(CODE_MASK);
  const fieldBytes: usize = ASC_FEATURE_RELAXED_SIMD ? 64 : 128;
  for (let t = 0; t < blocks; t++) {
    for (let q: usize = 0; q < 64; q += 16) {
      const x = v128.load(p + q);
      const to = panel + q;
      storeCodes(to, v128.and(x, mask));
      storeCodes(to + fieldBytes, v128.and(i16x8.shr_u(x, 2), mask));
      storeCodes(to + 2 * fieldBytes, v128.and(i16x8.shr_u(x, 4), mask));
      storeCodes(to + 3 * fieldBytes, v128.and(i16x8.shr_u(x, 6), mask));
    }
    p += 64;
    panel += 4 * fieldBytes;
  }
}

/** Decodes one input block of `groups` x 16 rows into a panel whose columns are the 16 inputs. */
function decodeTransposed(p: usize, groupBytes: usize, panel: usize, groups: i32): void {
  const mask = i32x4.splat(CODE_MASK);
  const quadBytes: usize = ASC_FEATURE_RELAXED_SIMD ? 64 : 128;
  for (let g = 0; g < groups; g++) {
    for (let q: usize = 0; q < 64; q += 16) {
      const x = v128.load(p + q);
      storeCodes(panel, transposeQuads(v128.and(x, mask)));
      storeCodes(panel + 16, transposeQuads(v128.and(i16x8.shr_u(x, 2), mask)));
      storeCodes(panel + 32, transposeQuads(v128.and(i16x8.shr_u(x, 4), mask)));
      storeCodes(panel + 48, transposeQuads(v128.and(i16x8.shr_u(x, 6), mask)));
      panel += quadBytes;
    }
    p += groupBytes;
  }
}

/** Rows that stay in the second cache level while every panel passes: about 256 KiB of `a`. */
function rowsPerBlock(depth: i32): i32 {
  const rowBytes = ASC_FEATURE_RELAXED_SIMD ? depth : depth << 1;
  return max(32, ((256 << 10) / rowBytes) & ~3);
}

/** All rows against one decoded panel: 16 columns of `c`. */
function sweepRows(
  a: usize,
  strideA: usize,
  rows: i32,
  panel: usize,
  c: usize,
  strideC: usize,
  sums: usize,
  depth: i32,
  fresh: bool,
): void {
  for (let m = 0; m < rows; m += 4) {
    const left = rows - m;
    if (ASC_FEATURE_RELAXED_SIMD) {
      tileCodes(a, strideA, left, panel, c, strideC, sums, depth, fresh);
      tileCodes(a, strideA, left, panel + 32, c + 32, strideC, sums, depth, fresh);
    } else {
      tileI16(a, strideA, left, panel, c, strideC, depth, fresh);
      tileI16(a, strideA, left, panel + 32, c + 32, strideC, depth, fresh);
    }
    a += strideA << 2;
    c += strideC << 2;
    sums += 16;
  }
}

/**
 * c[m, n] = sum over k of a[m, k] * W[n, k] for outputs n in [n0, n1), multiples of 16.
 * Relaxed build: `a` is int8 and `sums` holds each row's sum. Base build: `a` is i16, `sums` unread.
 * `strideA` is in elements of `a`, `strideC` in i32; `panel` is this thread's 8 KiB of scratch.
 */
export function ternaryForward(
  a: usize,
  strideA: i32,
  sums: usize,
  weights: usize,
  c: usize,
  strideC: i32,
  rows: i32,
  inputs: i32,
  n0: i32,
  n1: i32,
  panel: usize,
): void {
  const shift: usize = ASC_FEATURE_RELAXED_SIMD ? 0 : 1;
  const blocks = inputs >> 4;
  const block = rowsPerBlock(inputs);
  for (let m = 0; m < rows; m += block) {
    const height = min(block, rows - m);
    const from = a + ((<usize>m * <usize>strideA) << shift);
    const to = c + ((<usize>m * <usize>strideC) << 2);
    for (let n = n0; n < n1; n += 16) {
      for (let k = 0; k < inputs; k += DEPTH_MAX) {
        const depth = min(DEPTH_MAX, inputs - k);
        const word = (n >> 4) * blocks + (k >> 4);
        decodeForward(weights + ((<usize>word) << 6), panel, depth >> 4);
        sweepRows(
          from + ((<usize>k) << shift),
          (<usize>strideA) << shift,
          height,
          panel,
          to + ((<usize>n) << 2),
          (<usize>strideC) << 2,
          sums + ((<usize>m) << 2),
          depth,
          k === 0,
        );
      }
    }
  }
}

/**
 * c[m, k] = sum over n of a[m, n] * W[n, k] for inputs k in [k0, k1), multiples of 16: the product
 * with the transposed matrix, from the same packed words. Parameters as in `ternaryForward`.
 */
export function ternaryTransposed(
  a: usize,
  strideA: i32,
  sums: usize,
  weights: usize,
  c: usize,
  strideC: i32,
  rows: i32,
  outputs: i32,
  inputs: i32,
  k0: i32,
  k1: i32,
  panel: usize,
): void {
  const shift: usize = ASC_FEATURE_RELAXED_SIMD ? 0 : 1;
  const blocks = inputs >> 4;
  const groupBytes = (<usize>blocks) << 6;
  const block = rowsPerBlock(outputs);
  for (let m = 0; m < rows; m += block) {
    const height = min(block, rows - m);
    const from = a + ((<usize>m * <usize>strideA) << shift);
    const to = c + ((<usize>m * <usize>strideC) << 2);
    for (let k = k0; k < k1; k += 16) {
      for (let n = 0; n < outputs; n += DEPTH_MAX) {
        const depth = min(DEPTH_MAX, outputs - n);
        const word = (n >> 4) * blocks + (k >> 4);
        decodeTransposed(weights + ((<usize>word) << 6), groupBytes, panel, depth >> 4);
        sweepRows(
          from + ((<usize>n) << shift),
          (<usize>strideA) << shift,
          height,
          panel,
          to + ((<usize>k) << 2),
          (<usize>strideC) << 2,
          sums + ((<usize>m) << 2),
          depth,
          n === 0,
        );
      }
    }
  }
}
