/**
 * The first half of the gradient of attention, by blocks of query rows: scores and shares again, their gradients once, and dq.
 * The numbers are those of attention.ts, which defines them one operation at a time.
 */
import { probability, reciprocalOf } from "./attention";
import { BLOCK, balancedBlock, headProduct, rowProduct } from "./attentionBlocks";
import { exponentialRow, scoreRow } from "./attentionRows";
import { integer, scalar } from "./elements";
import { bitLength, bitLengthWide, NO_MAGNITUDE, quantiseOne, rsh, ZERO_EXPONENT } from "./integer";
import { narrowLanes, SHIFT_TO_ZERO } from "./lanes";
import { SPREAD_SHIFT_MAX, spread, spreadBits, spreadBytes, spreadPowers, top } from "./powers";
import { magnitudeBits } from "./quantise";
import { LEFT_OFFSET, PANEL_OFFSET } from "./scratch";

const LIMIT: i32 = 32767;

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
