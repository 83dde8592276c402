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
import { held } from "./lanes";
import { DEPTH_MAX, dotCodes, tileCodes, tileI16 } from "./tiles";

/** Four codes of three. */
const CODE_MASK: i32 = 0x03030303;

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
  const mask = held(CODE_MASK);
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
  const mask = held(CODE_MASK);
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
  const height = ASC_FEATURE_RELAXED_SIMD ? 2 : 4;
  for (let m = 0; m < rows; m += height) {
    const left = rows - m;
    if (ASC_FEATURE_RELAXED_SIMD) {
      tileCodes(a, strideA, left, panel, c, strideC, sums, depth, fresh);
    } else {
      tileI16(a, strideA, left, panel, c, strideC, depth, fresh);
      tileI16(a, strideA, left, panel + 32, c + 32, strideC, depth, fresh);
    }
    a += strideA * height;
    c += strideC * height;
    sums += 4 * height;
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
  for (let n = n0; n < n1; n += 16) {
    for (let k = 0; k < inputs; k += DEPTH_MAX) {
      const depth = min(DEPTH_MAX, inputs - k);
      const word = (n >> 4) * blocks + (k >> 4);
      decodeForward(weights + ((<usize>word) << 6), panel, depth >> 4);
      sweepRows(
        a + ((<usize>k) << shift),
        (<usize>strideA) << shift,
        rows,
        panel,
        c + ((<usize>n) << 2),
        (<usize>strideC) << 2,
        sums,
        depth,
        k === 0,
      );
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
  for (let k = k0; k < k1; k += 16) {
    for (let n = 0; n < outputs; n += DEPTH_MAX) {
      const depth = min(DEPTH_MAX, outputs - n);
      const word = (n >> 4) * blocks + (k >> 4);
      decodeTransposed(weights + ((<usize>word) << 6), groupBytes, panel, depth >> 4);
      sweepRows(
        a + ((<usize>n) << shift),
        (<usize>strideA) << shift,
        rows,
        panel,
        c + ((<usize>k) << 2),
        (<usize>strideC) << 2,
        sums,
        depth,
        n === 0,
      );
    }
  }
}

/** One row of four columns each: x holds a word of P16 for four outputs, a0..a3 four inputs each. */
function rowCodes(sum: v128, x: v128, a0: v128, a1: v128, a2: v128, a3: v128, mask: v128): v128 {
  const s = dotCodes(sum, a0, v128.and(x, mask));
  const t = dotCodes(s, a1, v128.and(i16x8.shr_u(x, 2), mask));
  const u = dotCodes(t, a2, v128.and(i16x8.shr_u(x, 4), mask));
  return dotCodes(u, a3, v128.and(i16x8.shr_u(x, 6), mask));
}

/** One row against outputs [n0, n1): the product of decoding, read from the packed words directly. */
export function ternaryRow(
  a: usize,
  sum: usize,
  weights: usize,
  c: usize,
  inputs: i32,
  n0: i32,
  n1: i32,
): void {
  if (ASC_FEATURE_RELAXED_SIMD) relaxedRow(a, sum, weights, c, inputs, n0, n1);
  else baseRow(a, weights, c, inputs, n0, n1);
}

/** Bound of the i16 lanes: as in `tileCodes`, 256 inputs are 64 steps. */
function relaxedRow(
  a: usize,
  sum: usize,
  weights: usize,
  c: usize,
  inputs: i32,
  n0: i32,
  n1: i32,
): void {
  const mask = held(CODE_MASK);
  for (let n = n0; n < n1; n += 16) {
    let p = weights + ((<usize>((n >> 4) * (inputs >> 4))) << 6);
    let c0 = i32x4.neg(v128.load32_splat(sum));
    let c1 = c0;
    let c2 = c0;
    let c3 = c0;
    let x = a;
    for (let k = 0; k < inputs; k += DEPTH_MAX) {
      let s0 = i32x4.splat(0);
      let s1 = s0;
      let s2 = s0;
      let s3 = s0;
      const end = x + <usize>min(DEPTH_MAX, inputs - k);
      do {
        const a0 = v128.load32_splat(x);
        const a1 = v128.load32_splat(x, 4);
        const a2 = v128.load32_splat(x, 8);
        const a3 = v128.load32_splat(x, 12);
        s0 = rowCodes(s0, v128.load(p), a0, a1, a2, a3, mask);
        s1 = rowCodes(s1, v128.load(p, 16), a0, a1, a2, a3, mask);
        s2 = rowCodes(s2, v128.load(p, 32), a0, a1, a2, a3, mask);
        s3 = rowCodes(s3, v128.load(p, 48), a0, a1, a2, a3, mask);
        p += 64;
        x += 16;
      } while (x < end);
      c0 = i32x4.add(c0, i32x4.extadd_pairwise_i16x8_s(s0));
      c1 = i32x4.add(c1, i32x4.extadd_pairwise_i16x8_s(s1));
      c2 = i32x4.add(c2, i32x4.extadd_pairwise_i16x8_s(s2));
      c3 = i32x4.add(c3, i32x4.extadd_pairwise_i16x8_s(s3));
    }
    const to = c + ((<usize>n) << 2);
    v128.store(to, c0);
    v128.store(to, c1, 16);
    v128.store(to, c2, 32);
    v128.store(to, c3, 48);
  }
}

/** Four outputs and four inputs of weights, widened: two dot products of i16 pairs. */
function rowWeights(sum: v128, codes: v128, a: usize, one: v128): v128 {
  const weights = i8x16.sub(codes, one);
  const low = i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_s(weights), v128.load64_splat(a));
  const high = i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_s(weights), v128.load64_splat(a));
  // Lanes of `low` are output 0 pair 0, output 0 pair 1, output 1 pair 0, output 1 pair 1.
  const even = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
  const odd = v128.shuffle<i32>(low, high, 1, 3, 5, 7);
  return i32x4.add(sum, i32x4.add(even, odd));
}

function baseRow(a: usize, weights: usize, c: usize, inputs: i32, n0: i32, n1: i32): void {
  const mask = held(CODE_MASK);
  const one = i8x16.splat(1);
  for (let n = n0; n < n1; n += 16) {
    const p = weights + ((<usize>((n >> 4) * (inputs >> 4))) << 6);
    const to = c + ((<usize>n) << 2);
    for (let q: usize = 0; q < 64; q += 16) {
      let sum = i32x4.splat(0);
      let word = p + q;
      for (let k = 0; k < inputs; k += 16) {
        const x = v128.load(word);
        const at = a + ((<usize>k) << 1);
        sum = rowWeights(sum, v128.and(x, mask), at, one);
        sum = rowWeights(sum, v128.and(i16x8.shr_u(x, 2), mask), at + 8, one);
        sum = rowWeights(sum, v128.and(i16x8.shr_u(x, 4), mask), at + 16, one);
        sum = rowWeights(sum, v128.and(i16x8.shr_u(x, 6), mask), at + 24, one);
        word += 64;
      }
      v128.store(to + q, sum);
    }
  }
}
