/** Elements of the head and its gradient: kinds 43 to 49 of spec/step-program.md. */
import {
  bitLength,
  clamp,
  divTrunc,
  exp2n,
  larger,
  log2,
  magnitudeOf,
  NO_MAGNITUDE,
  noise,
  rsh,
  sat30,
  shiftDown,
  shiftUp,
  smaller,
} from "./primitives";
import { at, columns, dotRows, output, param, rows, step } from "./request";
import { partialColumn, tokenAt } from "./rowElements";

const LOG2_E: i64 = 94548;
const DLOGITS_SITE: u32 = 1;

export function headScore(row: i64, column: i64): i64 {
  const scale = divTrunc(at(4, row, 0) * LOG2_E * 16, 127);
  const k = bitLength(scale) - 15;
  const acc = dotRows(0, row, 1, column, 0, <i64>columns(0));
  const scaled = rsh(acc * at(2, column, 0), 8);
  return sat30(rsh(scaled * rsh(scale, k), at(3, 0, 0) + 8 - k));
}

export function headSum(row: i64, column: i64): i64 {
  const end = smaller(<i64>columns(0), (column + 1) * param(0));
  let sum: i64 = 0;
  for (let v = column * param(0); v < end; v++) sum += exp2n(at(1, row, 0) - at(0, row, v));
  return sum;
}

export function headLoss(row: i64): i64 {
  const target = tokenAt(row, param(0), <i64>columns(1), 1);
  return sat30(log2(at(3, row, 0)) - 30 * 65536 + at(2, row, 0) - at(1, row, target));
}

/** Inputs: tokens 0, score 1, max 2, sum 3, rowScale 4. */
function logitGradient(row: i64, v: i64, isTarget: bool): i64 {
  const e = exp2n(at(2, row, 0) - at(1, row, v));
  const reciprocal = divTrunc((<i64>1) << 60, at(3, row, 0));
  const p22 = ((e >> 15) * reciprocal + (((e & 32767) * reciprocal) >> 15)) >> 23;
  return rsh((p22 - (isTarget ? 1 << 22 : 0)) * at(4, v, 0), 15);
}

function rowShift(magnitude: i64): i64 {
  return larger(0, magnitude - 7);
}

function roundStochastically(value: i64, s: i64, row: i64, column: i64): i64 {
  const word = noise(<u32>step(0), <u32>step(1), DLOGITS_SITE, <u32>row, <u32>column);
  return shiftDown(value + (<i64>word & (shiftUp(1, s) - 1)), s);
}

export function dlogitsMagnitude(row: i64, column: i64): i64 {
  const target = tokenAt(row, param(0), <i64>columns(1), 1);
  const end = smaller(<i64>columns(1), (column + 1) * param(1));
  let max = NO_MAGNITUDE;
  for (let v = column * param(1); v < end; v++) {
    if (v !== target) max = larger(max, magnitudeOf(logitGradient(row, v, false), 0));
  }
  return max;
}

export function dlogits(row: i64, column: i64): i64 {
  if (column === tokenAt(row, param(0), <i64>columns(1), 1)) return 0;
  const s = rowShift(at(5, row, 0));
  return clamp(roundStochastically(logitGradient(row, column, false), s, row, column), 127);
}

export function dlogitsTarget(row: i64): i64 {
  const target = tokenAt(row, param(0), <i64>columns(1), 1);
  const s = rowShift(at(5, row, 0));
  return roundStochastically(logitGradient(row, target, true), s, row, target);
}

/** Inputs: tokens 0, acc 1, target 2, e8 3, exponent 4, magnitude 5. */
export function headBackward(row: i64, column: i64): i64 {
  if (output === 1) return 22 + at(4, 0, 0) - 15 - rowShift(at(5, row, 0));
  const width = <i64>columns(3);
  const count = divTrunc(<i64>columns(1), width);
  const token = tokenAt(row, param(0), <i64>rows(3), 1);
  let sum = at(2, row, 0) * at(3, token, column);
  for (let c: i64 = 0; c < count; c++) sum += at(1, row, partialColumn(column, c, count, width));
  return sum;
}
