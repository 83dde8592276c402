/** Elements of heads and attention: kinds 23 to 42 of spec/step-program.md. */
import {
  bitLength,
  clamp,
  divTrunc,
  exp2n,
  exponentOf,
  larger,
  magnitudeOf,
  NO_MAGNITUDE,
  quantise,
  rsh,
  sat30,
  shiftDown,
  smaller,
  ZERO_EXPONENT,
} from "./primitives";
import { at, columns, dotColumn, dotRows, isPresent, output, param } from "./request";

/** Row of a per-head tensor for a token and a head. */
export function headRow(token: i64, head: i64, heads: i64, length: i64): i64 {
  const sequence = divTrunc(token, length);
  return (sequence * heads + head) * length + (token - sequence * length);
}

/** Token of a row of a per-head tensor. */
export function tokenOf(row: i64, heads: i64, length: i64): i64 {
  const block = divTrunc(row, length);
  return divTrunc(block, heads) * length + (row - block * length);
}

export function headOf(row: i64, heads: i64, length: i64): i64 {
  const block = divTrunc(row, length);
  return block - divTrunc(block, heads) * heads;
}

/** A head of a row, as heads.split and heads.rotate see it: its token, first column and exponent. */
let token: i64 = 0;
let first: i64 = 0;
let exponent: i64 = 0;
let magnitude: i64 = 0;
/** The row that the scalars above belong to: its elements come one after the other. */
let boundRow: i64 = -1;
let rotatedMagnitude: i64 = 0;

/** Forgets the row of the last tile. */
export function unbindHead(): void {
  boundRow = -1;
}

function bindHead(row: i64, e: i32): void {
  if (row === boundRow) return;
  boundRow = row;
  const size = divTrunc(<i64>columns(0), param(0));
  token = tokenOf(row, param(0), param(1));
  first = headOf(row, param(0), param(1)) * size;
  exponent = e >= 0 && isPresent(e) ? at(e, token, 0) : param(2);
  magnitude = NO_MAGNITUDE;
  for (let d: i64 = 0; d < size; d++) {
    magnitude = larger(magnitude, magnitudeOf(at(0, token, first + d), exponent));
  }
}

export function splitHeads(row: i64, column: i64): i64 {
  bindHead(row, 1);
  if (output === 1) return exponentOf(magnitude, param(3));
  return quantise(at(0, token, first + column), exponent, magnitude, param(3));
}

/** Element of a pair (a, b) turned by the angle; the second of the pair if isSecond. */
function turned(a: i64, b: i64, cosine: i64, sine: i64, isSecond: bool): i64 {
  return (isSecond ? a * sine + b * cosine + 8192 : a * cosine - b * sine + 8192) >> 14;
}

function rotated(row: i64, d: i64, size: i64): i64 {
  const half = size >> 1;
  const i = d < half ? d : d - half;
  const a = quantise(at(0, token, first + i), exponent, magnitude, 16);
  const b = quantise(at(0, token, first + i + half), exponent, magnitude, 16);
  const position = row - divTrunc(row, param(1)) * param(1) + param(3);
  return turned(a, b, at(1, position, i), at(1, position, i + half), d >= half);
}

export function rotateHeads(row: i64, column: i64): i64 {
  const size = divTrunc(<i64>columns(0), param(0));
  const isNew = row !== boundRow;
  bindHead(row, -1);
  const e = exponentOf(magnitude, 16);
  if (isNew) {
    rotatedMagnitude = NO_MAGNITUDE;
    for (let d: i64 = 0; d < size; d++) {
      rotatedMagnitude = larger(rotatedMagnitude, magnitudeOf(rotated(row, d, size), e));
    }
  }
  if (output === 1) return exponentOf(rotatedMagnitude, 8);
  return quantise(rotated(row, column, size), e, rotatedMagnitude, 8);
}

export function headsMagnitude(row: i64, column: i64): i64 {
  const end = smaller((column + 1) * param(2), param(0));
  let max = NO_MAGNITUDE;
  for (let head = column * param(2); head < end; head++) {
    const source = headRow(row, head, param(0), param(1));
    const e = exponentOf(at(1, source, 0), 8);
    for (let d: i64 = 0; d < <i64>columns(0); d++)
      max = larger(max, magnitudeOf(at(0, source, d), e));
  }
  return max;
}

export function mergeHeads(row: i64, column: i64): i64 {
  const m = at(2, row, 0);
  if (output === 1) {
    const e = exponentOf(m, 16);
    return e === ZERO_EXPONENT || param(2) <= 0 ? e : e + 15;
  }
  const size = <i64>columns(0);
  const head = divTrunc(column, size);
  const d = column - head * size;
  const source = headRow(row, head, param(0), param(1));
  const e = exponentOf(at(1, source, 0), 8);
  if (!isPresent(3)) return quantise(at(0, source, d), e, m, 16);
  const half = size >> 1;
  const i = d < half ? d : d - half;
  const a = quantise(at(0, source, i), e, m, 16);
  const b = quantise(at(0, source, i + half), e, m, 16);
  const position = row - divTrunc(row, param(1)) * param(1);
  return turned(a, b, at(3, position, i), 0 - at(3, position, i + half), d >= half) * param(2);
}

export function cacheAppend(row: i64, column: i64): i64 {
  const length = param(0) + param(1);
  const block = divTrunc(row, length);
  const position = row - block * length;
  if (position < param(0)) return at(0, block * param(0) + position, column);
  return at(1, block * param(1) + position - param(0), column);
}

export function attentionPrefix(row: i64): i64 {
  const from = divTrunc(row, param(0)) * param(0);
  let min = ZERO_EXPONENT;
  for (let j = from; j <= row; j++) min = smaller(min, at(0, j, 0));
  return 30 - min;
}

/** Frame of attention: heads, group, queries, keys are parameters 0 to 3. */
export function firstKey(row: i64): i64 {
  const block = divTrunc(row, param(2));
  const sequence = divTrunc(block, param(0));
  const head = divTrunc(block - sequence * param(0), param(1));
  return (sequence * divTrunc(param(0), param(1)) + head) * param(3);
}

/** Keys that a query row sees. */
export function keyCount(row: i64): i64 {
  return row - divTrunc(row, param(2)) * param(2) + param(3) - param(2) + 1;
}

/** The key row of a column-wise row, and the first query row of the head that it stands for. */
export function keyOf(row: i64): i64 {
  const block = divTrunc(row, param(3));
  return divTrunc(block, param(1)) * param(3) + (row - block * param(3));
}

function score(i: i64, j: i64): i64 {
  const sum = dotRows(0, i, 2, j, 0, <i64>columns(0)) * param(4);
  const by = at(1, i, 0) + at(3, j, 0) - 4;
  return clamp(rsh(sum, larger(by, -24)), 1 << 30);
}

export function attentionMax(row: i64, column: i64): i64 {
  const from = firstKey(row);
  const end = smaller(keyCount(row), (column + 1) * param(5));
  let max: i64 = -(1 << 30);
  for (let j = column * param(5); j < end; j++) max = larger(max, score(row, from + j));
  return max;
}

export function attentionSum(row: i64, column: i64): i64 {
  const from = firstKey(row);
  const end = smaller(keyCount(row), (column + 1) * param(5));
  let sum: i64 = 0;
  for (let j = column * param(5); j < end; j++)
    sum += exp2n(at(4, row, 0) - score(row, from + j)) >> 12;
  return sum;
}

export function attentionWeights(row: i64, column: i64): i64 {
  if (column >= keyCount(row)) return 0;
  const j = firstKey(row) + column;
  const by = at(6, firstKey(row) + keyCount(row) - 1, 0) + at(5, j, 0) - 14;
  return smaller(16383, rsh(exp2n(at(4, row, 0) - score(row, j)), by));
}

function reciprocal(sum: i64): i64 {
  const top = larger(1, shiftDown(sum, bitLength(sum) - 16));
  return smaller(65535, divTrunc((<i64>1) << 31, top));
}

export function attentionContext(row: i64, column: i64): i64 {
  const size = <i64>columns(1);
  const head = divTrunc(column, size);
  const query = headRow(row, head, param(0), param(2));
  const from = firstKey(query);
  const count = keyCount(query);
  const acc = dotColumn(0, query, 0, false, 1, from, column - head * size, count);
  const sum = at(2, query, 0);
  const by = bitLength(sum) + 21 - at(3, from + count - 1, 0);
  return sat30(rsh(rsh(acc, 4) * reciprocal(sum), by));
}

/** P_ij, with the slots of max and sum. */
function weight(i: i64, j: i64, max: i32, sum: i32): i64 {
  const z = at(sum, i, 0);
  const e = exp2n(at(max, i, 0) - score(i, j));
  return smaller(32767, rsh((e >> 15) * reciprocal(z), bitLength(z) - 3));
}

/** Rows: q8 0, qe 1, k8 2, ke 3, v8 4, ve 5, do8 6, doe 7, max 8, sum 9, dpm 10, delta 11. */
function weightGradient(i: i64, j: i64): i64 {
  const dp = dotRows(6, i, 4, j, 0, <i64>columns(6));
  return quantise(dp, at(7, i, 0) + at(5, j, 0), at(10, i, 0), 16);
}

function scoreGradient(i: i64, j: i64): i64 {
  return weight(i, j, 8, 9) * (weightGradient(i, j) - rsh(at(11, i, 0), 15));
}

function gradientExponent(i: i64): i64 {
  return exponentOf(at(10, i, 0), 16) + 15;
}

export function attentionGradientMagnitude(row: i64, column: i64): i64 {
  const from = firstKey(row);
  const end = smaller(keyCount(row), (column + 1) * param(4));
  let max = NO_MAGNITUDE;
  for (let j = column * param(4); j < end; j++) {
    const dp = dotRows(0, row, 2, from + j, 0, <i64>columns(2));
    max = larger(max, magnitudeOf(dp, at(1, row, 0) + at(3, from + j, 0)));
  }
  return max;
}

export function attentionDelta(row: i64, column: i64): i64 {
  const from = firstKey(row);
  const end = smaller(keyCount(row), (column + 1) * param(5));
  let sum: i64 = 0;
  for (let j = column * param(5); j < end; j++) {
    sum += weight(row, from + j, 8, 9) * weightGradient(row, from + j);
  }
  return sum;
}

export function attentionQueryMagnitude(row: i64, column: i64): i64 {
  const from = firstKey(row);
  const end = smaller(keyCount(row), (column + 1) * param(5));
  let max = NO_MAGNITUDE;
  for (let j = column * param(5); j < end; j++) {
    const e = gradientExponent(row) + at(3, from + j, 0);
    max = larger(max, magnitudeOf(scoreGradient(row, from + j), e));
  }
  return max;
}

export function attentionQueryWeights(row: i64, column: i64): i64 {
  if (column >= keyCount(row)) return 0;
  const j = firstKey(row) + column;
  return quantise(scoreGradient(row, j), gradientExponent(row) + at(3, j, 0), at(12, row, 0), 8);
}

export function attentionQueryGradient(row: i64, column: i64): i64 {
  return dotColumn(0, row, 0, false, 1, firstKey(row), column, keyCount(row));
}

/** First query row of the head that a column-wise row stands for. */
function firstQuery(row: i64): i64 {
  return divTrunc(row, param(3)) * param(3);
}

export function attentionKeyMagnitude(row: i64, column: i64): i64 {
  const from = firstQuery(row);
  const key = keyOf(row);
  const end = smaller(param(2), (column + 1) * param(5));
  let max = NO_MAGNITUDE;
  for (let i = larger(row - from, column * param(5)); i < end; i++) {
    const e = gradientExponent(from + i) + at(1, from + i, 0);
    max = larger(max, magnitudeOf(scoreGradient(from + i, key), e));
  }
  return max;
}

export function attentionKeyWeights(row: i64, column: i64): i64 {
  const from = firstQuery(row);
  if (column < row - from) return 0;
  const i = from + column;
  const key = keyOf(row);
  return quantise(scoreGradient(i, key), gradientExponent(i) + at(1, i, 0), at(12, key, 0), 8);
}

export function attentionValueMagnitude(row: i64, column: i64): i64 {
  const from = firstQuery(row);
  const key = keyOf(row);
  const end = smaller(param(2), (column + 1) * param(5));
  let max = NO_MAGNITUDE;
  for (let i = larger(row - from, column * param(5)); i < end; i++) {
    max = larger(max, magnitudeOf(weight(from + i, key, 5, 6), at(4, from + i, 0) + 15));
  }
  return max;
}

export function attentionValueWeights(row: i64, column: i64): i64 {
  const from = firstQuery(row);
  if (column < row - from) return 0;
  const i = from + column;
  const key = keyOf(row);
  return quantise(weight(i, key, 5, 6), at(4, i, 0) + 15, at(7, key, 0), 8);
}

export function attentionKeyGradient(row: i64, column: i64): i64 {
  const position = row - firstQuery(row);
  return dotColumn(0, row, position, false, 1, row, column, param(2) - position);
}
