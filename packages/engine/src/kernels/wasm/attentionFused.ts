/**
 * Causal attention over blocks of 32 rows, with scores, weights and their gradients rebuilt once.
 * The numbers are those of attention.ts, which defines them one operation at a time.
 *
 * Exponents differ from key to key, and SIMD has no shift that differs from lane to lane. So a row
 * is multiplied by powers of two first, x_j * 2^(top - e_j), and the whole row is then shifted once:
 * RSH(x * 2^a, n + a) = RSH(x, n). Rows whose exponents are too far apart take the scalar path.
 */
import { contextOf, probability, reciprocalOf, scoreOf } from "./attention";
import { denseProduct, widen } from "./dense";
import {
  bitLength,
  bitLengthWide,
  exp2n,
  magnitudeWide,
  NO_MAGNITUDE,
  quantiseOne,
  rsh,
  ZERO_EXPONENT,
} from "./integer";
import { held, heldWide, maxLane, narrowLanes, SHIFT_TO_ZERO } from "./lanes";
import { magnitudeBits } from "./quantise";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

const BLOCK: i32 = 32;
const LIMIT: i32 = 32767;
const WEIGHT_MAX: i32 = 16383;
/** Keys of one product of 14-bit weights with 12-bit values: 16383 * 2047 * 64 < 2^31. */
export const CONTEXT_DEPTH: i32 = 64;
const BY_COLUMNS: i32 = 1;
const WIDE: i32 = 2;
/** Exponents from here on belong to rows of zeros, or of values that only other zeros let count. */
const FAR: i32 = ZERO_EXPONENT - 512;

function scalar(base: usize, row: i32): i32 {
  return <i32>load<i16>(base + ((<usize>row) << 1));
}

function integer(base: usize, index: i32): i32 {
  return load<i32>(base + ((<usize>index) << 2));
}

/** The exponents that `spreadPowers` looked at last: the largest, and how far below it they go. */
export let top: i32 = 0;
export let spread: i32 = 0;

/**
 * powers[j] = 2^(top - e_j) as u32, 0 for zero rows, which the maximum ignores. Without any other
 * row, or with a spread past 30, `spread` is 99 and the powers mean nothing.
 */
export function spreadPowers(exponents: usize, count: i32, powers: usize): void {
  let high = -ZERO_EXPONENT;
  let low = ZERO_EXPONENT;
  for (let j = 0; j < count; j++) {
    const e = scalar(exponents, j);
    if (e === ZERO_EXPONENT) continue;
    high = max(high, e);
    low = min(low, e);
  }
  top = high;
  spread = high - low;
  if (high < low || spread > 30) {
    spread = 99;
    return;
  }
  for (let j = 0; j < count; j++) {
    const e = scalar(exponents, j);
    store<u32>(powers + ((<usize>j) << 2), e === ZERO_EXPONENT ? 0 : (<u32>1) << (<u32>(high - e)));
  }
}

/** s_ij in place of q_i . k_j for one row of `count` keys; returns the largest. */
export function scoreRow(
  row: usize,
  count: i32,
  scale: i32,
  qe: i32,
  ke: usize,
  powers: usize,
  keTop: i32,
  keSpread: i32,
): i32 {
  let best = -(1 << 30);
  let j = 0;
  const least = qe - 4 + keTop - keSpread;
  const shift = qe - 4 + keTop;
  if (keSpread <= 30 && qe !== ZERO_EXPONENT && least >= 1 && shift <= 32) {
    const half = i64x2.splat((<i64>1) << (<i64>(shift - 1)));
    const scales = i32x4.splat(scale);
    let bests = i32x4.splat(best);
    for (; j + 4 <= count; j += 4) {
      const at = (<usize>j) << 2;
      const x = i32x4.mul(v128.load(row + at), scales);
      const p = v128.load(powers + at);
      const low = i64x2.add(i64x2.extmul_low_i32x4_s(x, p), half);
      const high = i64x2.add(i64x2.extmul_high_i32x4_s(x, p), half);
      const s = v128.shuffle<i32>(i64x2.shr_u(low, shift), i64x2.shr_u(high, shift), 0, 2, 4, 6);
      bests = i32x4.max_s(bests, s);
      v128.store(row + at, s);
    }
    best = maxLane(bests);
  }
  for (; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    const s = scoreOf(load<i32>(at), scale, qe + scalar(ke, j) - 4);
    store<i32>(at, s);
    best = max(best, s);
  }
  return best;
}

/** E in place of s for one row; returns the sum of E >> 12. */
export function exponentialRow(row: usize, count: i32, best: i32, table: usize): u32 {
  let sum: u32 = 0;
  for (let j = 0; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    const e = exp2n(<u32>(best - load<i32>(at)), table);
    sum += <u32>e >> 12;
    store<i32>(at, e);
  }
  return sum;
}

/** w_ij from E for one row, i16; zeros to `width`. `align` is x_i, the rest what `spreadPowers` found. */
export function weightRow(
  row: usize,
  count: i32,
  width: i32,
  align: i32,
  ve: usize,
  powers: usize,
  veTop: i32,
  veSpread: i32,
  out: usize,
): void {
  let j = 0;
  const all = align + veTop - 14;
  if (veSpread <= 30 && all - veSpread >= 1 && all <= 62) {
    const rounding = heldWide((<i64>1) << (<i64>(all - 1)));
    const most = held(WEIGHT_MAX);
    for (; j + 4 <= count; j += 4) {
      const at = (<usize>j) << 2;
      const e = v128.load(row + at);
      const p = v128.load(powers + at);
      const low = i64x2.shr_u(i64x2.add(i64x2.extmul_low_i32x4_u(e, p), rounding), all);
      const high = i64x2.shr_u(i64x2.add(i64x2.extmul_high_i32x4_u(e, p), rounding), all);
      const w = i32x4.min_s(v128.shuffle<i32>(low, high, 0, 2, 4, 6), most);
      v128.store64_lane(out + (at >> 1), i16x8.narrow_i32x4_s(w, w), 0);
    }
  }
  for (; j < count; j++) {
    const shift = align + scalar(ve, j) - 14;
    const e = <u32>integer(row, j);
    let w = 0;
    if (shift >= 1 && shift <= 31) w = <i32>((e + ((<u32>1) << (<u32>(shift - 1)))) >> <u32>shift);
    else if (shift < 1) w = <i32>min<i64>(WEIGHT_MAX, rsh(<i64>e, shift));
    store<i16>(out + ((<usize>j) << 1), <i16>min(w, WEIGHT_MAX));
  }
  memory.fill(out + ((<usize>count) << 1), 0, (<usize>(width - count)) << 1);
}

/** Products of `height` int8 rows with `width` int8 rows of a head, i32 with `stride`. */
function headProduct(
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
function rowProduct(
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
function balancedBlock(index: i32, count: i32): i32 {
  return (index & 1) === 0 ? index >> 1 : count - 1 - (index >> 1);
}

/**
 * From heads to context: the kinds `attention.max`, `.sum`, `.weights` and `.context` with their
 * reductions. Parts are blocks of 32 query rows of a head. `rowMax` and `rowSum` may be 0.
 */
export function attentionForward(
  q8: usize,
  qe: usize,
  k8: usize,
  ke: usize,
  v: usize,
  ve: usize,
  prefix: usize,
  rowMax: usize,
  rowSum: usize,
  heads: i32,
  group: i32,
  queries: i32,
  keys: i32,
  size: i32,
  scale: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (keys + 31) & ~31;
  const left = scratch + LEFT_OFFSET;
  const powers = left + ((<usize>(BLOCK * size + 64)) << 1);
  const scores = powers + ((<usize>stride) << 2);
  const valuePowers = scores + ((<usize>(BLOCK * stride)) << 2);
  const weights = valuePowers + ((<usize>stride) << 2);
  const sums = weights + ((<usize>(BLOCK * stride)) << 1);
  const blocks = (queries + BLOCK - 1) / BLOCK;
  for (let unit = from; unit < to; unit++) {
    const head = unit / blocks;
    const i0 = balancedBlock(unit - head * blocks, blocks) * BLOCK;
    const height = min(BLOCK, queries - i0);
    const sequence = head / heads;
    const inSequence = head - sequence * heads;
    const first = (sequence * (heads / group) + inSequence / group) * keys;
    const width = min(keys, i0 + height + keys - queries);
    const row0 = head * queries + i0;
    const keyExponents = ke + ((<usize>first) << 1);
    const valueExponents = ve + ((<usize>first) << 1);
    const keyRows = k8 + <usize>first * <usize>size;
    const panel = scratch + PANEL_OFFSET;
    const rows = q8 + <usize>row0 * <usize>size;
    headProduct(rows, keyRows, size, scores, stride, height, width, scratch);
    spreadPowers(valueExponents, width, valuePowers);
    const veTop = top;
    const veSpread = spread;
    spreadPowers(keyExponents, width, powers);
    const keTop = top;
    const keSpread = spread;
    for (let i = 0; i < height; i++) {
      const row = scores + ((<usize>(i * stride)) << 2);
      const count = i0 + i + keys - queries + 1;
      const own = scalar(qe, row0 + i);
      const best = scoreRow(row, count, scale, own, keyExponents, powers, keTop, keSpread);
      const sum = exponentialRow(row, count, best, table);
      const align = scalar(prefix, first + count - 1);
      const target = weights + ((<usize>(i * stride)) << 1);
      weightRow(row, count, width, align, valueExponents, valuePowers, veTop, veSpread, target);
      const at = (<usize>(row0 + i)) << 2;
      if (rowMax !== 0) store<i32>(rowMax + at, best);
      if (rowSum !== 0) store<u32>(rowSum + at, sum);
      // The row's scores are spent; its first words carry what the last step needs.
      store<u32>(row, sum);
      store<i32>(row, align, 4);
    }
    const target = out + (tokenAddress(sequence * queries + i0, heads, inSequence, size) << 2);
    const valueRows = v + ((<usize>first * <usize>size) << 1);
    contextBlock(
      weights,
      stride,
      valueRows,
      width,
      height,
      size,
      sums,
      scores,
      panel,
      target,
      heads,
    );
  }
}

/** Element of a per-token tensor where a head's slice begins. */
function tokenAddress(token: i32, heads: i32, head: i32, size: i32): usize {
  return <usize>token * <usize>(heads * size) + <usize>(head * size);
}

/** o = SAT30(RSH(RSH(sum of w v, 4) * R, L + 21 - x)) for a block; sums over 64 keys at a time in i32. */
function contextBlock(
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
    const kind = BY_COLUMNS | WIDE;
    denseProduct(left, stride, from, size, kind, sums, size, height, size, depth, 1, panel);
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

/** P from E for one row in place, zeros to `width`. */
function probabilityRow(row: usize, count: i32, width: i32, sum: u32): void {
  const length = bitLength(sum);
  const reciprocal = reciprocalOf(sum);
  const shift = length - 3;
  let j = 0;
  if (shift >= 1 && shift <= 28) {
    const by = i32x4.splat(<i32>reciprocal);
    const half = i32x4.splat(1 << (shift - 1));
    const high = i32x4.splat(LIMIT);
    for (; j + 4 <= count; j += 4) {
      const at = row + ((<usize>j) << 2);
      // (E >> 15) <= 2^15 and the reciprocal < 2^16: the product and its half stay below 2^32.
      const product = i32x4.mul(i32x4.shr_u(v128.load(at), 15), by);
      v128.store(at, i32x4.min_u(high, i32x4.shr_u(i32x4.add(product, half), shift)));
    }
  }
  for (; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    store<i32>(at, probability(load<i32>(at), reciprocal, length));
  }
  memory.fill(row + ((<usize>count) << 2), 0, (<usize>(width - count)) << 2);
}

/**
 * d in 16 bits in place of dP for one row. Returns the magnitude of the row, or NO_MAGNITUDE.
 * The lanes hold dP * 2^(top - ve), which needs `sumBits` + spread <= 31.
 */
function gradientRow(
  row: usize,
  count: i32,
  doe: i32,
  ve: usize,
  powers: usize,
  veTop: i32,
  veSpread: i32,
  sumBits: i32,
  spare: usize,
): i32 {
  if (veSpread + sumBits <= 31) {
    let j = 0;
    for (; j + 4 <= count; j += 4) {
      const at = (<usize>j) << 2;
      v128.store(row + at, i32x4.mul(v128.load(row + at), v128.load(powers + at)));
    }
    for (; j < count; j++) {
      const at = (<usize>j) << 2;
      store<i32>(row + at, load<i32>(row + at) * load<i32>(powers + at));
    }
    const bits = bitLength(magnitudeBits(row, count, false, spare));
    if (bits === 0) return NO_MAGNITUDE;
    for (j = 0; j < count; j += 4) {
      const at = row + ((<usize>j) << 2);
      v128.store(at, narrowLanes(v128.load(at), bits - 15, LIMIT));
    }
    return bits - veTop - doe;
  }
  let best = NO_MAGNITUDE;
  for (let j = 0; j < count; j++) {
    const dp = integer(row, j);
    if (dp === 0) continue;
    best = max(best, bitLength(<u32>abs(dp)) - doe - scalar(ve, j));
  }
  for (let j = 0; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    const shift = best === NO_MAGNITUDE ? SHIFT_TO_ZERO : best + doe + scalar(ve, j) - 15;
    store<i32>(at, <i32>quantiseOne(<i64>load<i32>(at), shift, LIMIT));
  }
  return best;
}

/** RSH(sum of P d, 15) of one row. */
function deltaOf(p: usize, d: usize, count: i32): i32 {
  let sums = i32x4.splat(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = (<usize>j) << 2;
    sums = i32x4.add(sums, i32x4.mul(v128.load(p + at), v128.load(d + at)));
  }
  let sum = i32x4.extract_lane(sums, 0) + i32x4.extract_lane(sums, 1);
  sum += i32x4.extract_lane(sums, 2) + i32x4.extract_lane(sums, 3);
  for (; j < count; j++) sum += integer(p, j) * integer(d, j);
  return <i32>rsh(<i64>sum, 15);
}

/** D = P (d - delta) of one row into `out`, zeros to `width`; P is zero past `count`. */
function scoreGradientRow(p: usize, d: usize, width: i32, delta: i32, out: usize): void {
  const deltas = i32x4.splat(delta);
  for (let j = 0; j < width; j += 4) {
    const at = (<usize>j) << 2;
    const difference = i32x4.sub(v128.load(d + at), deltas);
    v128.store(out + at, i32x4.mul(v128.load(p + at), difference));
  }
}

/** Union of the bits of |x_j| * 2^(top - e_j), u64. */
function spreadBits(x: usize, powers: usize, count: i32): u64 {
  let union = i64x2.splat(0);
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    const at = (<usize>j) << 2;
    const value = i32x4.abs(v128.load(x + at));
    const p = v128.load(powers + at);
    union = v128.or(union, i64x2.extmul_low_i32x4_u(value, p));
    union = v128.or(union, i64x2.extmul_high_i32x4_u(value, p));
  }
  let bits = <u64>(i64x2.extract_lane(union, 0) | i64x2.extract_lane(union, 1));
  for (; j < count; j++) {
    bits |= magnitudeWide(<i64>integer(x, j)) * <u64>load<u32>(powers + ((<usize>j) << 2));
  }
  return bits;
}

/** Largest shift of `spreadBytes`: the product then has 62 bits. */
const SPREAD_SHIFT_MAX: i32 = 55;

/**
 * clamp(RSH(x * power, shift), 127) of four lanes, for 1 <= shift <= SPREAD_SHIFT_MAX and a product within
 * 2^(shift + 7). Raised by so much it is never negative: AVX2 has no arithmetic shift of 64 bits.
 */
function spreadBytes(x: v128, power: v128, shift: i32): v128 {
  const raised = i64x2.splat((<i64>257) << (<i64>(shift - 1)));
  const low = i64x2.shr_u(i64x2.add(i64x2.extmul_low_i32x4_s(x, power), raised), shift);
  const high = i64x2.shr_u(i64x2.add(i64x2.extmul_high_i32x4_s(x, power), raised), shift);
  const q = i32x4.sub(v128.shuffle<i32>(low, high, 0, 2, 4, 6), i32x4.splat(128));
  return i32x4.max_s(i32x4.splat(-127), i32x4.min_s(i32x4.splat(127), q));
}

/**
 * D in 8 bits of one row, as i16, zeros to `width`; returns the row's magnitude without its own
 * exponent `g`, which the caller takes off.
 */
function queryBytes(
  x: usize,
  count: i32,
  width: i32,
  ke: usize,
  powers: usize,
  keTop: i32,
  keSpread: i32,
  out: usize,
): i32 {
  memory.fill(out, 0, (<usize>width) << 1);
  if (keSpread <= 30) {
    // A union of 0 may hide values at zero keys, which have no power: the scalar path sees them.
    const bits = bitLengthWide(spreadBits(x, powers, count));
    const shift = bits - 7;
    if (shift >= 1 && shift <= SPREAD_SHIFT_MAX) {
      for (let j = 0; j < count; j += 4) {
        const at = (<usize>j) << 2;
        const q = spreadBytes(v128.load(x + at), v128.load(powers + at), shift);
        v128.store64_lane(out + (at >> 1), i16x8.narrow_i32x4_s(q, q), 0);
      }
      memory.fill(out + ((<usize>count) << 1), 0, (<usize>(width - count)) << 1);
      return bits - keTop;
    }
  }
  let best = NO_MAGNITUDE;
  for (let j = 0; j < count; j++) {
    const value = integer(x, j);
    if (value !== 0) best = max(best, bitLength(<u32>abs(value)) - scalar(ke, j));
  }
  for (let j = 0; j < count; j++) {
    const shift = best === NO_MAGNITUDE ? SHIFT_TO_ZERO : best + scalar(ke, j) - 7;
    store<i16>(out + ((<usize>j) << 1), <i16>quantiseOne(<i64>integer(x, j), shift, 127));
  }
  return best;
}

/**
 * The backward pass by query rows: from heads, dO and the row statistics to dq and its magnitudes,
 * leaving P (i16), D (i32) and the exponents of D (i32 by query row) for `attentionBackwardByKey`.
 * Parts are blocks of 32 query rows of a head; `stride` is the row length of P and D.
 */
export function attentionBackwardByQuery(
  q8: usize,
  qe: usize,
  k8: usize,
  ke: usize,
  v8: usize,
  ve: usize,
  do8: usize,
  doe: usize,
  rowMax: usize,
  rowSum: usize,
  heads: i32,
  group: i32,
  length: i32,
  size: i32,
  valueSize: i32,
  scale: i32,
  table: usize,
  p16: usize,
  d32: usize,
  exponents: usize,
  dq: usize,
  dm: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const stride = (length + 31) & ~31;
  const left = scratch + LEFT_OFFSET;
  const keyPowers = left + ((<usize>(BLOCK * max(size, valueSize) + 64)) << 1);
  const valuePowers = keyPowers + ((<usize>stride) << 2);
  const scores = valuePowers + ((<usize>stride) << 2);
  const gradients = scores + ((<usize>(BLOCK * stride)) << 2);
  const bytes = gradients + ((<usize>(BLOCK * stride)) << 2);
  const panel = scratch + PANEL_OFFSET;
  const blocks = (length + BLOCK - 1) / BLOCK;
  const sumBits = bitLength(<u32>(127 * 127 * valueSize));
  for (let unit = from; unit < to; unit++) {
    const head = unit / blocks;
    const i0 = balancedBlock(unit - head * blocks, blocks) * BLOCK;
    const height = min(BLOCK, length - i0);
    const sequence = head / heads;
    const first = (sequence * (heads / group) + (head - sequence * heads) / group) * length;
    const width = i0 + height;
    const padded = (width + 3) & ~3;
    const row0 = head * length + i0;
    const keyExponents = ke + ((<usize>first) << 1);
    const valueExponents = ve + ((<usize>first) << 1);
    const keyRows = k8 + <usize>first * <usize>size;
    const valueRows = v8 + <usize>first * <usize>valueSize;
    const rows = q8 + <usize>row0 * <usize>size;
    headProduct(rows, keyRows, size, scores, stride, height, width, scratch);
    const outerRows = do8 + <usize>row0 * <usize>valueSize;
    headProduct(outerRows, valueRows, valueSize, gradients, stride, height, width, scratch);
    spreadPowers(valueExponents, width, valuePowers);
    const veTop = top;
    const veSpread = spread;
    spreadPowers(keyExponents, width, keyPowers);
    const keTop = top;
    const keSpread = spread;
    for (let i = 0; i < height; i++) {
      const index = row0 + i;
      const count = i0 + i + 1;
      const score = scores + ((<usize>(i * stride)) << 2);
      const gradient = gradients + ((<usize>(i * stride)) << 2);
      const own = scalar(qe, index);
      scoreRow(score, count, scale, own, keyExponents, keyPowers, keTop, keSpread);
      exponentialRow(score, count, integer(rowMax, index), table);
      probabilityRow(score, count, padded, <u32>integer(rowSum, index));
      storeHalves(score, padded, p16 + ((<usize>index * <usize>stride) << 1));
      const outer = scalar(doe, index);
      const dpm = gradientRow(
        gradient,
        count,
        outer,
        valueExponents,
        valuePowers,
        veTop,
        veSpread,
        sumBits,
        panel,
      );
      const exponent = (dpm === NO_MAGNITUDE ? ZERO_EXPONENT : 15 - dpm) + 15;
      store<i32>(exponents + ((<usize>index) << 2), exponent);
      const d = d32 + ((<usize>index * <usize>stride) << 2);
      scoreGradientRow(score, gradient, padded, deltaOf(score, gradient, count), d);
      const row = bytes + ((<usize>(i * stride)) << 1);
      const best = queryBytes(d, count, stride, keyExponents, keyPowers, keTop, keSpread, row);
      store<i16>(dm + ((<usize>index) << 1), <i16>(best === NO_MAGNITUDE ? best : best - exponent));
    }
    const out = dq + ((<usize>row0 * <usize>size) << 2);
    rowProduct(bytes, stride, keyRows, out, height, size, width, true, panel);
  }
}

/** i32 lanes below 2^15 to i16; `count` is a multiple of 4. */
function storeHalves(from: usize, count: i32, to: usize): void {
  for (let j = 0; j < count; j += 4) {
    const at = (<usize>j) << 2;
    const value = v128.load(from + at);
    v128.store64_lane(to + (at >> 1), i16x8.narrow_i32x4_s(value, value), 0);
  }
}

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
function columnMagnitudes(
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
function columnBytes(
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
