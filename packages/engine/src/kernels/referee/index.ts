/**
 * The referee of step programs: names the inputs of one tile, and computes it (spec/referee.md). It is the definition of
 * spec/arithmetic.md once more, element by element, independent of every backend.
 */
import * as attention from "./attentionElements";
import { bindRegion, column0, gathers, height, nameClosure, row0, width } from "./closures";
import * as head from "./headElements";
import {
  bindRanges,
  hasStepConstants,
  isMissing,
  kind,
  OUTPUT,
  parseRequest,
  presentInputs,
  REQUEST,
  RESPONSE,
  rangeCount,
  rangeField,
  tileBytes,
  tileColumns,
  typeOf,
} from "./request";
import * as rows from "./rowElements";

export const request: usize = REQUEST;
export const response: usize = RESPONSE;

/** The closure names an element that it should have: a record that this module does not cover. */
const REFUSED_INCOMPLETE: i32 = -7;

export function closure(length: i32): i32 {
  const refusal = parseRequest(length);
  if (refusal < 0) return refusal;
  bindRegion();
  if (!nameClosure(0)) return -2;
  if (!gathers()) return presentInputs === 0 ? answer(0, false) : -5;
  const indices = rangeCount;
  if (presentInputs === 0) return answer(0, true);
  if (presentInputs !== indices || !bindRanges(0, indices)) return -5;
  if (!nameClosure(1)) return -2;
  return answer(indices, false);
}

/** Writes the ranges from `from` on. */
function answer(from: i32, more: bool): i32 {
  store<i32>(RESPONSE, rangeCount - from);
  store<i32>(RESPONSE, more ? 1 : 0, 4);
  store<i64>(RESPONSE, 0, 8);
  for (let i = from; i < rangeCount; i++) {
    const at = RESPONSE + 16 + <usize>(16 * (i - from));
    for (let word = 0; word < 4; word++) {
      store<i32>(at + <usize>(4 * word), rangeField(i, word));
    }
  }
  return 16 + 16 * (rangeCount - from);
}

export function execute(length: i32): i32 {
  const refusal = parseRequest(length);
  if (refusal < 0) return refusal;
  bindRegion();
  const needsConstants = kind === 47 || kind === 48 || kind === 50 || kind === 51;
  if (needsConstants && !hasStepConstants()) return -6;
  if (!nameClosure(0)) return -2;
  const indices = rangeCount;
  if (!bindRanges(0, indices)) return -5;
  if (gathers()) {
    if (!nameClosure(1)) return -2;
    if (!bindRanges(indices, rangeCount)) return -5;
  }
  if (rangeCount !== presentInputs) return -5;
  rows.unbindRank();
  attention.unbindHead();
  const bytes = tileBytes(OUTPUT);
  for (let i = 0; i < bytes; i++) store<u8>(RESPONSE + <usize>i, 0);
  for (let i: i64 = 0; i < height; i++) {
    for (let j: i64 = 0; j < width; j++) put(i, j, element(row0 + i, column0 + j));
  }
  return isMissing ? REFUSED_INCOMPLETE : bytes;
}

/** Stores an element of the output tile; programs compute no ternary tensors. */
function put(row: i64, column: i64, value: i64): void {
  const index = <usize>(row * <i64>tileColumns(OUTPUT) + column);
  const type = typeOf(OUTPUT);
  if (type === 1) store<i8>(RESPONSE + index, <i8>value);
  else if (type === 2) store<i16>(RESPONSE + (index << 1), <i16>value);
  else if (type === 3) store<i32>(RESPONSE + (index << 2), <i32>value);
  else store<i64>(RESPONSE + (index << 3), value);
}

/** Element (row, column) of the computed tensor. */
function element(row: i64, column: i64): i64 {
  if (kind <= 22 || kind >= 50) return rowElement(row, column);
  if (kind <= 42) return attentionElement(row, column);
  return headElement(row, column);
}

function rowElement(row: i64, column: i64): i64 {
  switch (kind) {
    case 1:
      return rows.embed(row, column);
    case 2:
      return rows.magnitude(row, column);
    case 3:
      return rows.quantised(row, column);
    case 4:
      return rows.reduced(row, column, false);
    case 5:
      return rows.reduced(row, column, true);
    case 6:
      return rows.grouped(row, column, false);
    case 7:
      return rows.grouped(row, column, true);
    case 8:
      return rows.gemm(row, column);
    case 9:
      return rows.linear(row, column);
    case 10:
      return rows.linearBackward(row, column);
    case 11:
      return rows.rankQuantise(row, column);
    case 12:
      return rows.foldMagnitude(row);
    case 13:
      return rows.foldQuantise(row, column);
    case 14:
      return rows.factorGradient(row, column);
    default:
      return normElement(row, column);
  }
}

function normElement(row: i64, column: i64): i64 {
  switch (kind) {
    case 15:
      return rows.normSquares(row, column);
    case 16:
      return rows.normMantissa(row, column);
    case 17:
      return rows.normQuantise(row, column);
    case 18:
      return rows.normDot(row, column);
    case 19:
      return rows.normBackward(row, column);
    case 20:
      return rows.normBackwardResidual(row, column);
    case 21:
      return rows.gate(row, column);
    case 22:
      return rows.gateBackward(row, column);
    case 55:
      return rows.normEpsilon(row);
    case 50:
      return rows.adam(row, column);
    default:
      return rows.lion(row, column);
  }
}

function attentionElement(row: i64, column: i64): i64 {
  switch (kind) {
    case 23:
      return attention.splitHeads(row, column);
    case 24:
      return attention.rotateHeads(row, column);
    case 25:
      return attention.headsMagnitude(row, column);
    case 26:
      return attention.mergeHeads(row, column);
    case 27:
      return attention.cacheAppend(row, column);
    case 28:
      return attention.attentionPrefix(row);
    case 29:
      return attention.attentionMax(row, column);
    case 30:
      return attention.attentionSum(row, column);
    case 31:
      return attention.attentionWeights(row, column);
    case 32:
      return attention.attentionContext(row, column);
    default:
      return attentionGradientElement(row, column);
  }
}

function attentionGradientElement(row: i64, column: i64): i64 {
  switch (kind) {
    case 33:
      return attention.attentionGradientMagnitude(row, column);
    case 34:
      return attention.attentionDelta(row, column);
    case 35:
      return attention.attentionQueryMagnitude(row, column);
    case 36:
      return attention.attentionQueryWeights(row, column);
    case 37:
      return attention.attentionQueryGradient(row, column);
    case 38:
      return attention.attentionKeyMagnitude(row, column);
    case 39:
      return attention.attentionKeyWeights(row, column);
    case 40:
      return attention.attentionValueMagnitude(row, column);
    case 41:
      return attention.attentionValueWeights(row, column);
    default:
      return attention.attentionKeyGradient(row, column);
  }
}

function headElement(row: i64, column: i64): i64 {
  switch (kind) {
    case 43:
      return head.headScore(row, column);
    case 44:
      return head.headSum(row, column);
    case 45:
      return head.headLoss(row);
    case 46:
      return head.dlogitsMagnitude(row, column);
    case 47:
      return head.dlogits(row, column);
    case 48:
      return head.dlogitsTarget(row);
    default:
      return head.headBackward(row, column);
  }
}
