/**
 * Causal attention, one row at a time: the kinds of ops/attention, each rebuilding what it needs
 * from int8 heads and per-row scalars. This is the path that shows every tensor of a trace;
 * attentionForward.ts and attentionBackwardBy*.ts compute the same numbers by blocks of rows, with everything rebuilt once.
 */
import { dotBytes } from "./dense";
import { bitLength, clamp, exp2n, NO_MAGNITUDE, rsh, sat30, ZERO_EXPONENT } from "./integer";
import { narrowOne, SHIFT_TO_ZERO } from "./lanes";
import { exponentAt } from "./linear";

const LIMIT: i32 = 32767;
const WEIGHT_MAX: i64 = 16383;
const SCORE_MAX: i64 = 1 << 30;

function scalar(base: usize, row: i32): i32 {
  return <i32>load<i16>(base + ((<usize>row) << 1));
}

function integer(base: usize, row: i32): i32 {
  return load<i32>(base + ((<usize>row) << 2));
}

/** s_ij in log2 units, Q16. */
export function scoreOf(product: i32, scale: i32, shift: i32): i32 {
  return <i32>clamp(rsh(<i64>(product * scale), max(shift, -24)), SCORE_MAX);
}

/** R of a row whose sum of E >> 12 is `sum`; its length is bitLength(sum). */
export function reciprocalOf(sum: u32): u32 {
  const top = sum >> <u32>max(bitLength(sum) - 16, 0);
  return min<u32>(65535, 0x80000000 / max<u32>(top, 1));
}

/** P_ij in Q15. */
export function probability(e: i32, reciprocal: u32, length: i32): i32 {
  return <i32>min<i64>(LIMIT, rsh(<i64>(e >> 15) * <i64>reciprocal, length - 3));
}

/** Row 0 of the keys of query row `row`, and how many of them it sees. */
let keyFirst: i32 = 0;
let keyCount: i32 = 0;

function lookKeys(row: i32, heads: i32, group: i32, queries: i32, keys: i32): void {
  const block = row / queries;
  const sequence = block / heads;
  const keyHead = (block - sequence * heads) / group;
  keyFirst = (sequence * (heads / group) + keyHead) * keys;
  keyCount = row - block * queries + keys - queries + 1;
}

/** Kind `attention.prefix`: x i16. Parts are whole sequences of a head. */
export function attentionPrefix(
  ve: usize,
  length: i32,
  x: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let block = from; block < to; block++) {
    let least = ZERO_EXPONENT;
    for (let row = block * length; row < (block + 1) * length; row++) {
      least = min(least, scalar(ve, row));
      store<i16>(x + ((<usize>row) << 1), <i16>(30 - least));
    }
  }
}

/** What `attentionByQuery` and `attentionByKey` compute. */
const MAX: i32 = 0;
const SUM: i32 = 1;
const WEIGHTS: i32 = 2;
const GRADIENT_MAGNITUDE: i32 = 3;
const DELTA: i32 = 4;
const QUERY_MAGNITUDE: i32 = 5;
const QUERY_WEIGHTS: i32 = 6;
const KEY_MAGNITUDE: i32 = 7;
const KEY_WEIGHTS: i32 = 8;
const VALUE_MAGNITUDE: i32 = 9;

let frameQ8: usize = 0;
let frameQe: usize = 0;
let frameK8: usize = 0;
let frameKe: usize = 0;
let frameV8: usize = 0;
let frameVe: usize = 0;
let frameDo8: usize = 0;
let frameDoe: usize = 0;
let frameMax: usize = 0;
let frameSum: usize = 0;
let frameDpm: usize = 0;
let frameDelta: usize = 0;
let frameSize: i32 = 0;
let frameValueSize: i32 = 0;
let frameScale: i32 = 0;
let frameTable: usize = 0;

function pairScore(i: i32, j: i32): i32 {
  const a = frameQ8 + <usize>i * <usize>frameSize;
  const b = frameK8 + <usize>j * <usize>frameSize;
  const shift = scalar(frameQe, i) + scalar(frameKe, j) - 4;
  return scoreOf(dotBytes(a, b, frameSize), frameScale, shift);
}

function pairExponential(i: i32, j: i32): i32 {
  return exp2n(<u32>(integer(frameMax, i) - pairScore(i, j)), frameTable);
}

function pairWeight(i: i32, j: i32): i32 {
  const sum = <u32>integer(frameSum, i);
  return probability(pairExponential(i, j), reciprocalOf(sum), bitLength(sum));
}

function pairGradient(i: i32, j: i32): i32 {
  const a = frameDo8 + <usize>i * <usize>frameValueSize;
  return dotBytes(a, frameV8 + <usize>j * <usize>frameValueSize, frameValueSize);
}

/** d_ij: the gradient of P_ij in 16 bits. */
function pairNarrowGradient(i: i32, j: i32): i32 {
  const m = scalar(frameDpm, i);
  const e = scalar(frameDoe, i) + scalar(frameVe, j);
  const shift = m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - 15;
  return narrowOne(pairGradient(i, j), shift, LIMIT);
}

function pairScoreGradient(i: i32, j: i32): i32 {
  const delta = <i32>rsh(<i64>integer(frameDelta, i), 15);
  return pairWeight(i, j) * (pairNarrowGradient(i, j) - delta);
}

function magnitudeAt(value: i32, e: i32): i32 {
  return value === 0 ? NO_MAGNITUDE : bitLength(<u32>(value < 0 ? -value : value)) - e;
}

function byteAt(value: i32, e: i32, m: i32): i32 {
  return narrowOne(value, m === NO_MAGNITUDE ? SHIFT_TO_ZERO : m + e - 7, 127);
}

/** The frame of the functions above; absent tensors are 0. */
function setFrame(
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
  dpm: usize,
  delta: usize,
  size: i32,
  valueSize: i32,
  scale: i32,
  table: usize,
): void {
  frameQ8 = q8;
  frameQe = qe;
  frameK8 = k8;
  frameKe = ke;
  frameV8 = v8;
  frameVe = ve;
  frameDo8 = do8;
  frameDoe = doe;
  frameMax = rowMax;
  frameSum = rowSum;
  frameDpm = dpm;
  frameDelta = delta;
  frameSize = size;
  frameValueSize = valueSize;
  frameScale = scale;
  frameTable = table;
}

/** One value of a chunked statistic of query row i over key positions [from, to). */
function reduceByQuery(mode: i32, i: i32, from: i32, to: i32): i32 {
  let best = mode === MAX ? -(1 << 30) : mode === SUM || mode === DELTA ? 0 : NO_MAGNITUDE;
  for (let position = from; position < to; position++) {
    const j = keyFirst + position;
    if (mode === MAX) best = max(best, pairScore(i, j));
    else if (mode === SUM) best += pairExponential(i, j) >> 12;
    else if (mode === DELTA) best += pairWeight(i, j) * pairNarrowGradient(i, j);
    else if (mode === GRADIENT_MAGNITUDE) {
      const e = scalar(frameDoe, i) + scalar(frameVe, j);
      best = max(best, magnitudeAt(pairGradient(i, j), e));
    } else {
      const e = exponentAt(frameDpm + ((<usize>i) << 1), 16) + 15 + scalar(frameKe, j);
      best = max(best, magnitudeAt(pairScoreGradient(i, j), e));
    }
  }
  return best;
}

/** One element of the weight matrices by query row. */
function weightByQuery(mode: i32, i: i32, j: i32, extra: i32): i32 {
  if (mode === WEIGHTS) {
    const shift = extra + scalar(frameVe, j) - 14;
    return <i32>min<i64>(WEIGHT_MAX, rsh(<i64>pairExponential(i, j), shift));
  }
  const e = exponentAt(frameDpm + ((<usize>i) << 1), 16) + 15 + scalar(frameKe, j);
  return byteAt(pairScoreGradient(i, j), e, extra);
}

/**
 * The kinds whose rows are query rows, by `mode`. Statistics: `out` [rows, chunks], i16 for
 * magnitudes, else i32. Weights: `out` [rows, keys], i16 for `attention.weights` (with `extra` = x,
 * by key), int8 for `attention.queryWeights` (`extra` = dm, by query). Parts are query rows.
 */
export function attentionByQuery(
  mode: i32,
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
  dpm: usize,
  delta: usize,
  extra: usize,
  heads: i32,
  group: i32,
  queries: i32,
  keys: i32,
  size: i32,
  valueSize: i32,
  scale: i32,
  chunk: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  setFrame(
    q8,
    qe,
    k8,
    ke,
    v8,
    ve,
    do8,
    doe,
    rowMax,
    rowSum,
    dpm,
    delta,
    size,
    valueSize,
    scale,
    table,
  );
  for (let i = from; i < to; i++) {
    lookKeys(i, heads, group, queries, keys);
    if (mode === WEIGHTS || mode === QUERY_WEIGHTS) {
      const align = mode === WEIGHTS ? scalar(extra, keyFirst + keyCount - 1) : scalar(extra, i);
      for (let position = 0; position < keys; position++) {
        const at = <usize>i * <usize>keys + <usize>position;
        const seen = position < keyCount;
        const value = seen ? weightByQuery(mode, i, keyFirst + position, align) : 0;
        if (mode === WEIGHTS) store<i16>(out + (at << 1), <i16>value);
        else store<i8>(out + at, <i8>value);
      }
      continue;
    }
    const chunks = (keys + chunk - 1) / chunk;
    for (let c = 0; c < chunks; c++) {
      const at = <usize>(i * chunks + c);
      const value = reduceByQuery(mode, i, c * chunk, min(keyCount, (c + 1) * chunk));
      if (mode === GRADIENT_MAGNITUDE || mode === QUERY_MAGNITUDE) {
        store<i16>(out + (at << 1), <i16>value);
      } else store<i32>(out + (at << 2), value);
    }
  }
}

/** The value of (query row i, key row j) in a column-wise kind, and its exponent in `termExponent`. */
let termExponent: i32 = 0;

function termByKey(mode: i32, i: i32, j: i32): i32 {
  if (mode === KEY_MAGNITUDE || mode === KEY_WEIGHTS) {
    termExponent = exponentAt(frameDpm + ((<usize>i) << 1), 16) + 15 + scalar(frameQe, i);
    return pairScoreGradient(i, j);
  }
  termExponent = scalar(frameDoe, i) + 15;
  return pairWeight(i, j);
}

/**
 * The kinds whose rows are [sequence, query head, key position], by `mode`. Magnitudes: `out` i16
 * [rows, chunks of queries]. Weights: `out` int8 [rows, queries] at the magnitudes `km` of the keys.
 * Parts are rows.
 */
export function attentionByKey(
  mode: i32,
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
  dpm: usize,
  delta: usize,
  km: usize,
  group: i32,
  queries: i32,
  keys: i32,
  size: i32,
  valueSize: i32,
  scale: i32,
  chunk: i32,
  table: usize,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  setFrame(
    q8,
    qe,
    k8,
    ke,
    v8,
    ve,
    do8,
    doe,
    rowMax,
    rowSum,
    dpm,
    delta,
    size,
    valueSize,
    scale,
    table,
  );
  const isMagnitude = mode === KEY_MAGNITUDE || mode === VALUE_MAGNITUDE;
  for (let row = from; row < to; row++) {
    const block = row / keys;
    const position = row - block * keys;
    const key = (block / group) * keys + position;
    const first = block * queries;
    if (isMagnitude) {
      const chunks = (queries + chunk - 1) / chunk;
      for (let c = 0; c < chunks; c++) {
        let best = NO_MAGNITUDE;
        for (let i = max(position, c * chunk); i < min(queries, (c + 1) * chunk); i++) {
          const value = termByKey(mode, first + i, key);
          best = max(best, magnitudeAt(value, termExponent));
        }
        store<i16>(out + ((<usize>(row * chunks + c)) << 1), <i16>best);
      }
      continue;
    }
    const m = scalar(km, key);
    for (let i = 0; i < queries; i++) {
      let value = 0;
      if (i >= position) {
        const term = termByKey(mode, first + i, key);
        value = byteAt(term, termExponent, m);
      }
      store<i8>(out + <usize>row * <usize>queries + <usize>i, <i8>value);
    }
  }
}

/** RSH(RSH(acc, 4) * R, shift) in 30 bits, of acc = sum of w v. */
export function contextOf(acc: i64, reciprocal: i64, shift: i32): i32 {
  return sat30(rsh(((acc + 8) >> 4) * reciprocal, shift));
}

/** Kind `attention.context`: o i32 [tokens, heads * size]. Parts are query rows. */
export function attentionContext(
  w: usize,
  v: usize,
  rowSum: usize,
  x: usize,
  heads: i32,
  group: i32,
  queries: i32,
  keys: i32,
  size: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let row = from; row < to; row++) {
    lookKeys(row, heads, group, queries, keys);
    const sum = <u32>integer(rowSum, row);
    const reciprocal = <i64>reciprocalOf(sum);
    const shift = bitLength(sum) + 21 - scalar(x, keyFirst + keyCount - 1);
    const block = row / queries;
    const sequence = block / heads;
    const token = sequence * queries + (row - block * queries);
    const column = (block - sequence * heads) * size;
    for (let d = 0; d < size; d++) {
      let acc: i64 = 0;
      for (let j = 0; j < keyCount; j++) {
        const weight = <i64>load<i16>(w + ((<usize>row * <usize>keys + <usize>j) << 1));
        const value = v + ((<usize>(keyFirst + j) * <usize>size + <usize>d) << 1);
        acc += weight * <i64>load<i16>(value);
      }
      const at = <usize>token * <usize>(heads * size) + <usize>(column + d);
      store<i32>(out + (at << 2), contextOf(acc, reciprocal, shift));
    }
  }
}

/** Kind `attention.queryGradient`: dq i32 [rows, size]. Parts are query rows. */
export function attentionQueryGradient(
  d8: usize,
  k8: usize,
  heads: i32,
  group: i32,
  queries: i32,
  keys: i32,
  size: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let row = from; row < to; row++) {
    lookKeys(row, heads, group, queries, keys);
    const target = out + ((<usize>row * <usize>size) << 2);
    memory.fill(target, 0, (<usize>size) << 2);
    for (let j = 0; j < keyCount; j++) {
      const by = <i32>load<i8>(d8 + <usize>row * <usize>keys + <usize>j);
      addScaledBytes(target, k8 + <usize>(keyFirst + j) * <usize>size, by, size);
    }
  }
}

/** Kind `attention.keyGradient`: d i32 [rows, size]. Parts are rows [sequence, query head, key]. */
export function attentionKeyGradient(
  w8: usize,
  x8: usize,
  queries: i32,
  keys: i32,
  size: i32,
  out: usize,
  from: i32,
  to: i32,
  _scratch: usize,
): void {
  for (let row = from; row < to; row++) {
    const position = row % keys;
    const target = out + ((<usize>row * <usize>size) << 2);
    memory.fill(target, 0, (<usize>size) << 2);
    for (let i = position; i < queries; i++) {
      const by = <i32>load<i8>(w8 + <usize>row * <usize>queries + <usize>i);
      addScaledBytes(target, x8 + <usize>(row - position + i) * <usize>size, by, size);
    }
  }
}

/** target[d] += by * source[d], int8 into i32. */
function addScaledBytes(target: usize, source: usize, by: i32, count: i32): void {
  if (by === 0) return;
  for (let d = 0; d < count; d++) {
    const at = target + ((<usize>d) << 2);
    store<i32>(at, load<i32>(at) + by * <i32>load<i8>(source + <usize>d));
  }
}
