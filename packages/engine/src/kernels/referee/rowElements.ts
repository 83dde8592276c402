/** Elements of statistics, quantisers, products, adapters and norms: kinds 1 to 22, 50 and 51 of spec/step-program.md. */
import {
  bitLength,
  clamp,
  divRound,
  divTrunc,
  exponentOf,
  isqrt,
  larger,
  magnitudeOf,
  NO_MAGNITUDE,
  quantise,
  rsh,
  sat30,
  shiftDown,
  shiftUp,
  smaller,
  ZERO_EXPONENT,
} from "./primitives";
import {
  at,
  columns,
  dotColumn,
  dotRows,
  isPresent,
  OUTPUT,
  output,
  param,
  rows,
  step,
} from "./request";

const FACTOR_BITS: i64 = 12;
const RANK_BITS: i64 = 14;
const FOLD_BITS: i64 = 13;

/** Token of a row of [sequences, length]; an id outside the vocabulary is 0. */
export function tokenAt(row: i64, length: i64, vocabulary: i64, ahead: i64): i64 {
  const sequence = divTrunc(row, length);
  const token = at(0, sequence, row - sequence * length + ahead);
  return token >= 0 && token < vocabulary ? token : 0;
}

export function embed(row: i64, column: i64): i64 {
  return at(1, tokenAt(row, param(0), <i64>rows(1), 0), column);
}

export function magnitude(row: i64, column: i64): i64 {
  const endRow = smaller((row + 1) * param(0), <i64>rows(0));
  const endColumn = smaller((column + 1) * param(1), <i64>columns(0));
  let max = NO_MAGNITUDE;
  for (let i = row * param(0); i < endRow; i++) {
    const e = isPresent(1) ? at(1, i, 0) : param(2);
    for (let j = column * param(1); j < endColumn; j++) {
      const value = at(0, i, j);
      if (param(3) === 1 && value < 0) continue;
      max = larger(max, magnitudeOf(value, e));
    }
  }
  return max;
}

export function quantised(row: i64, column: i64): i64 {
  const e = isPresent(2) ? at(2, row, 0) : param(1);
  const m = at(1, rows(1) === 1 ? 0 : row, 0);
  return quantise(at(0, row, column), e, m, param(0));
}

export function reduced(row: i64, column: i64, isSum: bool): i64 {
  const endRow = smaller((row + 1) * param(0), <i64>rows(0));
  const endColumn = smaller((column + 1) * param(1), <i64>columns(0));
  let result = isSum ? 0 : at(0, row * param(0), column * param(1));
  for (let i = row * param(0); i < endRow; i++) {
    for (let j = column * param(1); j < endColumn; j++) {
      const value = at(0, i, j);
      result = isSum ? result + value : larger(result, value);
    }
  }
  return result;
}

export function grouped(row: i64, column: i64, isSum: bool): i64 {
  const head = divTrunc(row, param(1));
  const position = row - head * param(1);
  const first = head * param(0);
  let result = isSum ? 0 : at(0, first * param(1) + position, column);
  for (let g: i64 = 0; g < param(0); g++) {
    const value = at(0, (first + g) * param(1) + position, column);
    result = isSum ? result + value : larger(result, value);
  }
  return result;
}

function chunkCount(n: i64, chunk: i64): i64 {
  return divTrunc(n + chunk - 1, chunk);
}

/** Column of the partial sum of output column j over chunk c of `count`, in a product with n columns. */
export function partialColumn(j: i64, c: i64, count: i64, n: i64): i64 {
  const lane = larger(1, smaller(32, n));
  const block = divTrunc(j, lane);
  return (block * count + c) * lane + (j - block * lane);
}

/** The output column of a column of partial sums; `partialChunk` is its chunk. */
export function partialOutput(column: i64, count: i64, n: i64): i64 {
  const lane = larger(1, smaller(32, n));
  const run = divTrunc(column, lane);
  return divTrunc(run, count) * lane + (column - run * lane);
}

export function partialChunk(column: i64, count: i64, n: i64): i64 {
  const run = divTrunc(column, larger(1, smaller(32, n)));
  return run - divTrunc(run, count) * count;
}

export function gemm(row: i64, column: i64): i64 {
  const n = <i64>rows(1);
  const count = chunkCount(<i64>columns(0), param(0));
  const c = partialChunk(column, count, n);
  return dotRows(0, row, 1, partialOutput(column, count, n), c * param(0), (c + 1) * param(0));
}

export function linear(row: i64, column: i64): i64 {
  const scale = divTrunc(at(2, 0, 0) * at(3, row, 0) * 256, 127);
  const k = bitLength(scale) - 15;
  const acc = dotRows(0, row, 1, column, 0, <i64>columns(0));
  let y = rsh(acc * rsh(scale, k), at(2, 0, 1) + 4 - k);
  if (isPresent(4)) {
    const low = dotColumn(4, row, 0, false, 6, 0, column, <i64>rows(6));
    y += rsh(low, at(5, row, 0) + exponentOf(at(7, 0, 0), FACTOR_BITS) - param(0) - 16);
  }
  y = sat30(y);
  return isPresent(8) ? sat30(at(8, row, column) + y) : y;
}

export function linearBackward(row: i64, column: i64): i64 {
  const dy = exponentOf(at(1, row, 0), 8);
  const own = dy === ZERO_EXPONENT ? ZERO_EXPONENT : dy + at(3, 0, 1) - 10;
  const other = isPresent(9) ? at(9, row, 0) : ZERO_EXPONENT;
  const e = smaller(own, other);
  if (output === 1) return e;
  const acc = dotRows(0, row, 2, column, 0, <i64>columns(0));
  let dx = rsh(acc * at(3, 0, 0), 10);
  if (isPresent(4)) {
    const low = dotColumn(4, row, 0, false, 6, 0, column, <i64>rows(6));
    dx += rsh(low, at(5, row, 0) + exponentOf(at(7, 0, 0), FACTOR_BITS) - own);
  }
  dx = sat30(dx);
  return isPresent(8) ? sat30(rsh(at(8, row, column), other - e) + rsh(dx, own - e)) : dx;
}

/** Element j of the rank vector of a token before it is quantised. */
function rankElement(row: i64, j: i64): i64 {
  const count = divTrunc(<i64>columns(0), param(0));
  let sum: i64 = 0;
  for (let c: i64 = 0; c < count; c++) sum += at(0, row, partialColumn(j, c, count, param(0)));
  if (!isPresent(2)) return sum;
  const scale = divTrunc(at(2, row, 0) * 65536, 127);
  return rsh(sum * rsh(scale, bitLength(scale) - 15), 15);
}

/** The row of the last rank vector, with its exponent and magnitude: its elements come one after the other. */
let rankRow: i64 = -1;
let rankExponent: i64 = 0;
let rankMagnitude: i64 = 0;

/** Forgets the row of the last tile. */
export function unbindRank(): void {
  rankRow = -1;
}

function bindRank(row: i64): void {
  if (row === rankRow) return;
  rankRow = row;
  const factor = exponentOf(at(1, 0, 0), FACTOR_BITS);
  if (isPresent(2)) {
    const scale = divTrunc(at(2, row, 0) * 65536, 127);
    rankExponent = factor + 13 - (bitLength(scale) - 15) - param(1);
  } else {
    rankExponent = exponentOf(at(3, row, 0), 8) + factor - param(1);
  }
  rankMagnitude = NO_MAGNITUDE;
  for (let j: i64 = 0; j < param(0); j++) {
    rankMagnitude = larger(rankMagnitude, magnitudeOf(rankElement(row, j), rankExponent));
  }
}

export function rankQuantise(row: i64, column: i64): i64 {
  bindRank(row);
  if (output === 1) return exponentOf(rankMagnitude, RANK_BITS);
  return quantise(rankElement(row, column), rankExponent, rankMagnitude, RANK_BITS);
}

/** Exponent of a folded row: slots `mantissa` and `dm` are the two ways to fold. */
function foldExponent(row: i64, mantissa: i32, dm: i32, alphaShift: i64): i64 {
  const e = at(1, row, 0);
  return isPresent(mantissa) ? e : e + exponentOf(at(dm, row, 0), 8) - alphaShift;
}

export function foldMagnitude(row: i64): i64 {
  const end = smaller((row + 1) * param(0), <i64>rows(0));
  let max = NO_MAGNITUDE;
  for (let t = row * param(0); t < end; t++) {
    const e = foldExponent(t, 2, 3, param(1));
    const scale = isPresent(2) ? at(2, t, 0) : 1;
    for (let j: i64 = 0; j < <i64>columns(0); j++)
      max = larger(max, magnitudeOf(at(0, t, j) * scale, e));
  }
  return max;
}

export function foldQuantise(row: i64, column: i64): i64 {
  const scale = isPresent(3) ? at(3, row, 0) : 1;
  const e = foldExponent(row, 3, 4, param(0));
  return quantise(at(0, row, column) * scale, e, at(2, 0, 0), FOLD_BITS);
}

export function factorGradient(row: i64, column: i64): i64 {
  const rank = <i64>columns(0);
  const c = divTrunc(row, rank);
  const from = c * param(0);
  const count = smaller(param(0), <i64>rows(0) - from);
  return dotColumn(0, from, row - c * rank, true, 1, from, column, count);
}

/** Where a norm finds its tensors: they stand elsewhere in the forward and in the backward kinds. */
let slotX: i32 = 0;
let slotE: i32 = 0;
let slotGain: i32 = 0;
let normExponent: i64 = 0;
/** Scalars of the row that is being normalised. */
let rowExponent: i64 = 0;
let rowMagnitude: i64 = 0;
let root: i64 = 0;
let shift: i64 = 0;

function bindNorm(x: i32, e: i32, gain: i32, exponent: i64): void {
  slotX = x;
  slotE = e;
  slotGain = gain;
  normExponent = exponent;
}

/** Loads the scalars of a row. The magnitude stands right behind x, the sum of squares behind that. */
function bindRow(row: i64): void {
  rowMagnitude = at(slotX + 1, row, 0);
  // The exponent of a gradient does not depend on that of x, and its closure leaves it out.
  if (output === 1) return;
  rowExponent = isPresent(slotE) ? at(slotE, row, 0) : normExponent;
}

function bindScale(row: i64): void {
  const squares = at(slotX + 2, row, 0);
  const length = bitLength(squares);
  const cut = length > 30 ? (length - 29) & ~1 : 0;
  const r = larger(1, <i64>isqrt(<u64>shiftDown(squares, cut)));
  const width = <i64>isqrt((<u64>columns(slotX)) << 20);
  const widthShift = bitLength(width) - 16;
  const top = widthShift > 0 ? shiftDown(width, widthShift) : shiftUp(width, 0 - widthShift);
  const quotient = divTrunc(top * 65536, r);
  const rootShift = bitLength(quotient) - 15;
  root = rsh(quotient, rootShift);
  shift = rootShift + widthShift + 5 - (cut >> 1);
}

function narrow(row: i64, i: i64): i64 {
  return quantise(at(slotX, row, i), rowExponent, rowMagnitude, 16);
}

function normalised(row: i64, i: i64): i64 {
  return rsh(narrow(row, i) * root, 19 - shift);
}

function gained(row: i64, i: i64): i64 {
  return rsh(normalised(row, i) * at(slotGain, 0, i), 12);
}

export function normSquares(row: i64, column: i64): i64 {
  bindNorm(0, 2, 3, param(1));
  bindRow(row);
  const end = smaller((column + 1) * param(0), <i64>columns(0));
  let sum: i64 = 0;
  for (let i = column * param(0); i < end; i++) {
    const value = narrow(row, i);
    sum += value * value;
  }
  return sum;
}

export function normEpsilon(row: i64): i64 {
  const squares = at(0, row, 0);
  const magnitude = at(1, row, 0);
  if (magnitude === NO_MAGNITUDE) return squares;
  const share = rsh(param(0) * param(1), larger(10 + 2 * magnitude, -16));
  return squares + smaller(share, (<i64>1) << 51);
}

export function normMantissa(row: i64, column: i64): i64 {
  bindNorm(0, 4, 3, param(1));
  bindRow(row);
  if (rowMagnitude === NO_MAGNITUDE) return 1;
  bindScale(row);
  const end = smaller((column + 1) * param(0), <i64>columns(0));
  let max: i64 = 1;
  for (let i = column * param(0); i < end; i++) {
    const value = gained(row, i);
    max = larger(max, value < 0 ? 0 - value : value);
  }
  return max;
}

export function normQuantise(row: i64, column: i64): i64 {
  bindNorm(0, 5, 3, param(0));
  bindRow(row);
  if (rowMagnitude === NO_MAGNITUDE) return 0;
  bindScale(row);
  return clamp(rsh(gained(row, column) * divTrunc(127 << 23, at(4, row, 0)), 23), 127);
}

function gainedGradient(row: i64, i: i64): i64 {
  return rsh(quantise(at(0, row, i), at(2, row, 0), at(1, row, 0), 16) * at(slotGain, 0, i), 12);
}

function isZeroGradient(row: i64): bool {
  return rowMagnitude === NO_MAGNITUDE || at(1, row, 0) === NO_MAGNITUDE;
}

export function normDot(row: i64, column: i64): i64 {
  bindNorm(3, 7, 6, param(1));
  bindRow(row);
  if (isZeroGradient(row)) return 0;
  bindScale(row);
  const end = smaller((column + 1) * param(0), <i64>columns(0));
  let sum: i64 = 0;
  for (let i = column * param(0); i < end; i++) sum += gainedGradient(row, i) * normalised(row, i);
  return sum;
}

function backwardElement(row: i64, i: i64): i64 {
  if (isZeroGradient(row)) return 0;
  const c = divRound(at(7, row, 0), <i64>columns(slotX));
  const tangent = gainedGradient(row, i) - rsh(normalised(row, i) * c, 24);
  return sat30(rsh(tangent * root, 8));
}

function backwardExponent(row: i64): i64 {
  if (isZeroGradient(row)) return ZERO_EXPONENT;
  return exponentOf(at(1, row, 0), 16) + (31 - shift - exponentOf(rowMagnitude, 16)) - 8;
}

export function normBackward(row: i64, column: i64): i64 {
  bindNorm(3, 8, 6, param(0));
  bindRow(row);
  bindScale(row);
  return output === 1 ? backwardExponent(row) : backwardElement(row, column);
}

export function normBackwardResidual(row: i64, column: i64): i64 {
  bindNorm(3, 8, 6, param(0));
  bindRow(row);
  bindScale(row);
  const previous = isPresent(9) ? at(9, row, column) : 0;
  return sat30(previous + rsh(backwardElement(row, column), backwardExponent(row) - param(1)));
}

function product(a: i64, b: i64, c: i64, less: i64): i64 {
  if (a === ZERO_EXPONENT || b === ZERO_EXPONENT || c === ZERO_EXPONENT) return ZERO_EXPONENT;
  return a + b + c - less;
}

export function gate(row: i64, column: i64): i64 {
  const eg = exponentOf(at(2, row, 0), 16);
  if (output === 1) return product(eg, eg, exponentOf(at(3, row, 0), 16), 15);
  const g = quantise(larger(0, at(0, row, column)), 16, at(2, row, 0), 16);
  return ((g * g) >> 15) * quantise(at(1, row, column), 16, at(3, row, 0), 16);
}

export function gateBackward(row: i64, column: i64): i64 {
  const isUp = param(0) === 1;
  if (output === 1) {
    const ed = exponentOf(at(2, row, 0), 16);
    const eg = exponentOf(at(5, row, 0), 16);
    return isUp ? product(ed, eg, eg, 15) : product(ed, eg, exponentOf(at(6, row, 0), 16), 16);
  }
  const g = quantise(larger(0, at(3, row, column)), 16, at(5, row, 0), 16);
  const dh = quantise(at(0, row, column), at(1, row, 0), at(2, row, 0), 16);
  if (isUp) return dh * ((g * g) >> 15);
  return dh * rsh(g * quantise(at(4, row, column), 16, at(6, row, 0), 16), 15);
}

function gradient(row: i64, column: i64): i64 {
  const rank = rows(OUTPUT);
  let sum: i64 = 0;
  for (let i = row; i < <i64>rows(0); i += <i64>rank) sum += at(0, i, column);
  const by = exponentOf(at(1, 0, 0), FOLD_BITS) - 30 + param(1);
  return sat30(param(0) === 1 ? rsh(sum * 33026, by + 34) : rsh(sum, by));
}

function decayed(row: i64, column: i64): i64 {
  const w = at(3, row, column);
  return w - rsh(w * step(3), 30);
}

export function adam(row: i64, column: i64): i64 {
  const g = gradient(row, column);
  const oldMean = at(4, row, column);
  const mean = oldMean + rsh((g - oldMean) * 6554, 16);
  if (output === 1) return mean;
  const oldSquare = at(5, row, column);
  const square = oldSquare + ((g * g - oldSquare + 32) >> 6);
  if (output === 2) return square;
  const denominator =
    divTrunc(<i64>isqrt(<u64>square) * 1024, <i64>isqrt(<u64>larger(1, step(5)))) + 11;
  const change = divTrunc(divTrunc(mean * (1 << 20), step(4)) * step(2), denominator);
  return sat30(decayed(row, column) - change);
}

export function lion(row: i64, column: i64): i64 {
  const g = gradient(row, column);
  const m = at(4, row, column);
  if (output === 1) return m + rsh(g - m, 6);
  const vote = 9 * m + g;
  const change = vote > 0 ? step(2) : vote < 0 ? 0 - step(2) : 0;
  return sat30(decayed(row, column) - change);
}
