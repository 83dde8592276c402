/** Scores over the vocabulary, loss and the gradient of the last hidden rows: the kinds of ops/head.ts. */
import { denseProduct, PACK_ROWS_MIN, rowTimesRows, widen } from "./dense";
import { joinedHalf, LIMIT, leastBeyond, lowHalf, lowPlaces, scaledLanes } from "./epilogue";
import { tokenAt } from "./gather";
import {
  bitLength,
  bitLengthWide,
  clamp,
  exp2n,
  log2,
  MIX_FIRST,
  MIX_SECOND,
  magnitudeWide,
  NO_MAGNITUDE,
  noiseAt,
  noiseRow,
  rsh,
  sat30,
} from "./integer";
import { between, held } from "./lanes";
import { DTYPE_I16, loadElement } from "./quantise";
import { LEFT_OFFSET, PANEL_OFFSET, rowsPerBlock, STRIP_COLUMNS, STRIP_OFFSET } from "./scratch";

/** round(2^16 * log2(e)). */
const LOG2_E: i64 = 94548;
/** Site of the noise of dlogits. */
const SITE_DLOGITS: u32 = 1;
const STEP_SEED_LOW: usize = 0;
const STEP_SEED_HIGH: usize = 4;

function integer(base: usize, row: i32): i32 {
  return load<i32>(base + ((<usize>row) << 2));
}

/**
 * Kind `head.score`: i32 [rows, vocabulary]. `f8` int8 [rows, columns], `e8` int8 [vocabulary,
 * columns], `rowScale` of any format. Parts are rows, or (`byColumns`) vocabulary in steps of 16.
 */
export function headScore(
  f8: usize,
  e8: usize,
  rowScale: usize,
  rowScaleDtype: i32,
  exponent: usize,
  exponentDtype: i32,
  m: usize,
  rows: i32,
  columns: i32,
  vocabulary: i32,
  out: usize,
  byColumns: i32,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const rowEnd = byColumns !== 0 ? rows : to;
  const v0 = byColumns !== 0 ? from : 0;
  const v1 = byColumns !== 0 ? to : vocabulary;
  const block = rowsPerBlock(columns << 1);
  const left = scratch + LEFT_OFFSET;
  const strip = scratch + STRIP_OFFSET;
  const shared = <i32>loadElement(exponent, 0, exponentDtype) + 8;
  const sumBits = bitLength(<u32>(128 * 128 * columns));
  for (let t0 = byColumns !== 0 ? 0 : from; t0 < rowEnd; t0 += block) {
    const height = min(block, rowEnd - t0);
    const first = f8 + <usize>t0 * <usize>columns;
    const packs = height >= PACK_ROWS_MIN;
    widen(first, left, height * columns);
    for (let v = v0; v < v1; v += STRIP_COLUMNS) {
      const count = min(STRIP_COLUMNS, v1 - v);
      const rowsE = e8 + <usize>v * <usize>columns;
      if (packs) {
        denseProduct(
          left,
          columns,
          rowsE,
          columns,
          0,
          strip,
          STRIP_COLUMNS,
          height,
          count,
          columns,
          1,
          scratch + PANEL_OFFSET,
        );
      }
      for (let i = 0; i < height; i++) {
        const t = t0 + i;
        const row = out + ((<usize>t * <usize>vocabulary + <usize>v) << 2);
        if (packs) {
          memory.copy(row, strip + ((<usize>(i * STRIP_COLUMNS)) << 2), (<usize>count) << 2);
        } else {
          const hidden = left + ((<usize>(i * columns)) << 1);
          rowTimesRows(hidden, rowsE, <usize>columns, false, row, count, columns);
        }
        const scale = (<i64>integer(m, t) * LOG2_E * 16) / 127;
        const k = bitLengthWide(<u64>scale) - 15;
        scoreRun(row, count, rowScale, rowScaleDtype, v, <i32>rsh(scale, k), shared - k, sumBits);
      }
    }
  }
}

/** RSH(acc * scale, 8) of four sums of up to 24 bits with scales of 16, in 32 bits. */
function rowScaled(acc: v128, scale: v128, byte: v128, half: v128): v128 {
  const low = i32x4.add(i32x4.mul(v128.and(acc, byte), scale), half);
  return i32x4.add(i32x4.mul(i32x4.shr_s(acc, 8), scale), i32x4.shr_s(low, 8));
}

/**
 * SAT30(RSH(RSH(acc * rowScale, 8) * c15, shift)) in place of the sums of one run of the vocabulary
 * from v on. `sumBits` bounds the sums and says whether 32 bits hold what the first shift leaves.
 */
function scoreRun(
  row: usize,
  count: i32,
  rowScale: usize,
  dtype: i32,
  v: i32,
  c15: i32,
  shift: i32,
  sumBits: i32,
): void {
  let j = 0;
  if (dtype === DTYPE_I16 && sumBits <= 24 && c15 > 0 && shift >= 1 && shift <= 32) {
    const by = i32x4.splat(c15);
    const byte = held(255);
    const half8 = held(1 << 7);
    const places = lowPlaces(shift);
    const mask = i32x4.splat((1 << places) - 1);
    const half = i32x4.splat(lowHalf(shift));
    const joined = i32x4.splat(joinedHalf(shift));
    const rest = shift - places;
    // Whatever saturates is cut to what just does, so that 32 bits hold the product.
    const beyond = leastBeyond(LIMIT, c15, shift);
    const most = i32x4.splat(beyond);
    const least = i32x4.splat(-beyond);
    const high = held(LIMIT);
    const low = held(-LIMIT);
    for (; j + 8 <= count; j += 8) {
      const at = row + ((<usize>j) << 2);
      // Not two loads that widen: V8's revectorizer joins such a pair, and then it has wrong lanes.
      const scales = v128.load(rowScale + ((<usize>(v + j)) << 1));
      const a = rowScaled(v128.load(at), i32x4.extend_low_i16x8_s(scales), byte, half8);
      const b = rowScaled(v128.load(at, 16), i32x4.extend_high_i16x8_s(scales), byte, half8);
      const c = scaledLanes(between(a, least, most), by, places, mask, half, joined, rest);
      const d = scaledLanes(between(b, least, most), by, places, mask, half, joined, rest);
      v128.store(at, between(c, low, high));
      v128.store(at, between(d, low, high), 16);
    }
  }
  for (; j < count; j++) {
    const at = row + ((<usize>j) << 2);
    const by = loadElement(rowScale, <usize>(v + j), dtype);
    const scaled = rsh(<i64>load<i32>(at) * by, 8);
    store<i32>(at, sat30(rsh(scaled * <i64>c15, shift)));
  }
}

/** Kind `head.sum`: i64 [rows, chunks]. Parts are rows. */
export function headSum(
  score: usize,
  rowMax: usize,
  vocabulary: i32,
  chunk: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const chunks = (vocabulary + chunk - 1) / chunk;
  for (let t = from; t < to; t++) {
    const row = score + ((<usize>t * <usize>vocabulary) << 2);
    const top = integer(rowMax, t);
    for (let c = 0; c < chunks; c++) {
      let sum: i64 = 0;
      for (let v = c * chunk; v < min(vocabulary, (c + 1) * chunk); v++) {
        sum += <i64>exp2n(<u32>(top - integer(row, v)), table);
      }
      store<i64>(out + ((<usize>(t * chunks + c)) << 3), sum);
    }
  }
}

/** Kind `head.loss`: i32 [rows], bits in Q16. Parts are rows. */
export function headLoss(
  tokens: usize,
  stride: i32,
  length: i32,
  score: usize,
  rowMax: usize,
  rowSum: usize,
  vocabulary: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let t = from; t < to; t++) {
    const target = tokenAt(tokens, stride, t, length, vocabulary, 1);
    const row = score + ((<usize>t * <usize>vocabulary) << 2);
    const distance = <i64>integer(rowMax, t) - <i64>integer(row, target);
    const bits = log2(load<u64>(rowSum + ((<usize>t) << 3)), table);
    store<i32>(out + ((<usize>t) << 2), sat30(bits - 30 * 65536 + distance));
  }
}

/** dl' of one logit with this E: the gradient in Q22 times the row scale of the head. */
function logitGradient(e: i32, reciprocal: u64, by: i64, isTarget: bool): i64 {
  const p22 = <i64>((<u64>e * reciprocal) >> 38);
  return rsh((isTarget ? p22 - (1 << 22) : p22) * by, 15);
}

function reciprocalOf(sum: i64): u64 {
  return ((<u64>1) << 60) / <u64>max<i64>(sum, 1);
}

/** Logits whose exponentials lie in scratch at a time, within the first cache level. */
const RUN: i32 = 1024;

/**
 * E of the logits [v, v + count) of a row into `out`, i32. The target's is 0, and so its gradient: it
 * has no bits for the magnitude, and is rounded to 0 whatever the noise.
 */
function exponentialsOf(
  row: usize,
  v: i32,
  count: i32,
  top: i32,
  target: i32,
  table: usize,
  out: usize,
): void {
  for (let j = 0; j < count; j++) {
    store<i32>(out + ((<usize>j) << 2), exp2n(<u32>(top - integer(row, v + j)), table));
  }
  if (target >= v && target < v + count) store<i32>(out + ((<usize>(target - v)) << 2), 0);
}

/** True if `gradientLanes` takes the reciprocal and scales of this format. */
function hasLanes(reciprocal: u64, dtype: i32): bool {
  return dtype === DTYPE_I16 && reciprocal <= <u64>u32.MAX_VALUE;
}

/**
 * `logitGradient` of four logits from their E, at `e`, and the i16 scales at `scales`: P is below 2^24,
 * and 15 of its places are shifted off apart. `mask` and `half`, 2^15 - 1 and 2^14, are held.
 */
function gradientLanes(e: usize, scales: usize, reciprocal: v128, mask: v128, half: v128): v128 {
  const es = v128.load(e);
  const low = i64x2.shr_u(i64x2.extmul_low_i32x4_u(es, reciprocal), 38);
  const high = i64x2.shr_u(i64x2.extmul_high_i32x4_u(es, reciprocal), 38);
  const p22 = v128.shuffle<i32>(low, high, 0, 2, 4, 6);
  const by = v128.load16x4_s(scales);
  const rest = i32x4.shr_s(i32x4.add(i32x4.mul(v128.and(p22, mask), by), half), 15);
  return i32x4.add(i32x4.mul(i32x4.shr_u(p22, 15), by), rest);
}

/** Union of the bits of the gradients of a run of logits, from v on, by their E. */
function gradientBits(
  es: usize,
  v: i32,
  count: i32,
  reciprocal: u64,
  rowScale: usize,
  dtype: i32,
): u64 {
  let j = 0;
  let union: u64 = 0;
  if (hasLanes(reciprocal, dtype)) {
    const reciprocals = i32x4.splat(<i32>reciprocal);
    const mask = held(0x7fff);
    const half = held(1 << 14);
    let bits = held(0);
    for (; j + 4 <= count; j += 4) {
      const scales = rowScale + ((<usize>(v + j)) << 1);
      const value = gradientLanes(es + ((<usize>j) << 2), scales, reciprocals, mask, half);
      bits = v128.or(bits, i32x4.abs(value));
    }
    const two = i64x2.extract_lane(bits, 0) | i64x2.extract_lane(bits, 1);
    union = <u64>(<u32>two | <u32>(two >> 32));
  }
  for (; j < count; j++) {
    const by = loadElement(rowScale, <usize>(v + j), dtype);
    union |= magnitudeWide(logitGradient(integer(es, j), reciprocal, by, false));
  }
  return union;
}

/** Kind `dlogits.magnitude`: i16 [rows, chunks], without the target's column. Parts are rows. */
export function dlogitsMagnitude(
  tokens: usize,
  stride: i32,
  length: i32,
  score: usize,
  rowMax: usize,
  rowSum: usize,
  rowScale: usize,
  rowScaleDtype: i32,
  vocabulary: i32,
  chunk: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const chunks = (vocabulary + chunk - 1) / chunk;
  const es = scratch + STRIP_OFFSET;
  for (let t = from; t < to; t++) {
    const target = tokenAt(tokens, stride, t, length, vocabulary, 1);
    const row = score + ((<usize>t * <usize>vocabulary) << 2);
    const top = integer(rowMax, t);
    const reciprocal = reciprocalOf(load<i64>(rowSum + ((<usize>t) << 3)));
    for (let c = 0; c < chunks; c++) {
      let union: u64 = 0;
      const end = min(vocabulary, (c + 1) * chunk);
      for (let v = c * chunk; v < end; v += RUN) {
        const count = min(RUN, end - v);
        exponentialsOf(row, v, count, top, target, table, es);
        union |= gradientBits(es, v, count, reciprocal, rowScale, rowScaleDtype);
      }
      const best = union === 0 ? NO_MAGNITUDE : bitLengthWide(union);
      store<i16>(out + ((<usize>(t * chunks + c)) << 1), <i16>best);
    }
  }
}

/** (value + the low s bits of noise) >> s. */
function roundStochastically(value: i64, s: i32, word: u32): i64 {
  const mask = ((<u64>1) << (<u64>s)) - 1;
  return (value + <i64>(<u64>word & mask)) >> <i64>s;
}

/** `noiseAt` of four columns; `first` and `second` are the factors of its mixing, held. */
function noiseLanes(columns: v128, first: v128, second: v128): v128 {
  const a = i32x4.mul(v128.xor(columns, i32x4.shr_u(columns, 16)), first);
  const b = i32x4.mul(v128.xor(a, i32x4.shr_u(a, 15)), second);
  return v128.xor(b, i32x4.shr_u(b, 16));
}

/** Gradients of a run of logits, from v on, by their E: rounded by `s` places with noise, int8 at `out`. */
function roundGradients(
  es: usize,
  v: i32,
  count: i32,
  reciprocal: u64,
  rowScale: usize,
  dtype: i32,
  s: i32,
  noise: u32,
  out: usize,
): void {
  let j = 0;
  // A gradient is below 2^25, and so many places of noise leave its sum in 32 bits.
  if (hasLanes(reciprocal, dtype) && s <= 30) {
    const reciprocals = i32x4.splat(<i32>reciprocal);
    const mask = held(0x7fff);
    const half = held(1 << 14);
    const first = held(<i32>MIX_FIRST);
    const second = held(<i32>MIX_SECOND);
    const low = held(-127);
    const high = held(127);
    const places = i32x4.splat((1 << s) - 1);
    const four = held(4);
    let columns = i32x4.add(i32x4.splat(<i32>noise + v), i32x4(0, 1, 2, 3));
    for (; j + 4 <= count; j += 4) {
      const scales = rowScale + ((<usize>(v + j)) << 1);
      const value = gradientLanes(es + ((<usize>j) << 2), scales, reciprocals, mask, half);
      const word = v128.and(noiseLanes(columns, first, second), places);
      const q = between(i32x4.shr_s(i32x4.add(value, word), s), low, high);
      const words = i16x8.narrow_i32x4_s(q, q);
      v128.store32_lane(out + <usize>j, i8x16.narrow_i16x8_s(words, words), 0);
      columns = i32x4.add(columns, four);
    }
  }
  for (; j < count; j++) {
    const by = loadElement(rowScale, <usize>(v + j), dtype);
    const value = logitGradient(integer(es, j), reciprocal, by, false);
    const q = clamp(roundStochastically(value, s, noiseAt(noise, v + j)), 127);
    store<i8>(out + <usize>j, <i8>q);
  }
}

/** Kind `dlogits`: int8 [rows, vocabulary], 0 in the target's column. Parts are rows. */
export function dlogits(
  tokens: usize,
  stride: i32,
  length: i32,
  score: usize,
  rowMax: usize,
  rowSum: usize,
  rowScale: usize,
  rowScaleDtype: i32,
  magnitudes: usize,
  step: usize,
  vocabulary: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  scratch: usize,
): void {
  const low = load<u32>(step + STEP_SEED_LOW);
  const high = load<u32>(step + STEP_SEED_HIGH);
  const es = scratch + STRIP_OFFSET;
  for (let t = from; t < to; t++) {
    const target = tokenAt(tokens, stride, t, length, vocabulary, 1);
    const row = score + ((<usize>t * <usize>vocabulary) << 2);
    const top = integer(rowMax, t);
    const reciprocal = reciprocalOf(load<i64>(rowSum + ((<usize>t) << 3)));
    const s = max(0, <i32>load<i16>(magnitudes + ((<usize>t) << 1)) - 7);
    const noise = noiseRow(low, high, SITE_DLOGITS, t);
    for (let v = 0; v < vocabulary; v += RUN) {
      const count = min(RUN, vocabulary - v);
      exponentialsOf(row, v, count, top, target, table, es);
      const bytes = out + <usize>t * <usize>vocabulary + <usize>v;
      roundGradients(es, v, count, reciprocal, rowScale, rowScaleDtype, s, noise, bytes);
    }
  }
}

/** Kind `dlogits.target`: i32 [rows]. Parts are rows. */
export function dlogitsTarget(
  tokens: usize,
  stride: i32,
  length: i32,
  score: usize,
  rowMax: usize,
  rowSum: usize,
  rowScale: usize,
  rowScaleDtype: i32,
  magnitudes: usize,
  step: usize,
  vocabulary: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const low = load<u32>(step + STEP_SEED_LOW);
  const high = load<u32>(step + STEP_SEED_HIGH);
  for (let t = from; t < to; t++) {
    const v = tokenAt(tokens, stride, t, length, vocabulary, 1);
    const distance = integer(rowMax, t) - integer(score + ((<usize>t * <usize>vocabulary) << 2), v);
    const reciprocal = reciprocalOf(load<i64>(rowSum + ((<usize>t) << 3)));
    const by = loadElement(rowScale, v, rowScaleDtype);
    const value = logitGradient(exp2n(<u32>distance, table), reciprocal, by, true);
    const s = max(0, <i32>load<i16>(magnitudes + ((<usize>t) << 1)) - 7);
    const word = noiseAt(noiseRow(low, high, SITE_DLOGITS, t), v);
    store<i32>(out + ((<usize>t) << 2), <i32>roundStochastically(value, s, word));
  }
}

/** Kind `head.backward`: dx i32 [rows, columns], e i16 [rows]. Parts are rows. */
export function headBackward(
  tokens: usize,
  stride: i32,
  length: i32,
  acc: usize,
  count: i32,
  target: usize,
  e8: usize,
  exponent: usize,
  exponentDtype: i32,
  magnitudes: usize,
  vocabulary: i32,
  columns: i32,
  dx: usize,
  e: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  const lane = min(32, columns);
  const shared = <i32>loadElement(exponent, 0, exponentDtype) + 22 - 15;
  for (let t = from; t < to; t++) {
    const token = tokenAt(tokens, stride, t, length, vocabulary, 1);
    const row = acc + ((<usize>t * <usize>(columns * count)) << 2);
    const by = integer(target, t);
    for (let i = 0; i < columns; i++) {
      const block = i / lane;
      let sum = by * <i32>load<i8>(e8 + <usize>token * <usize>columns + <usize>i);
      for (let c = 0; c < count; c++) {
        sum += integer(row, (block * count + c) * lane + (i - block * lane));
      }
      store<i32>(dx + ((<usize>t * <usize>columns + <usize>i) << 2), sum);
    }
    const s = max(0, <i32>load<i16>(magnitudes + ((<usize>t) << 1)) - 7);
    store<i16>(e + ((<usize>t) << 1), <i16>(shared - s));
  }
}
