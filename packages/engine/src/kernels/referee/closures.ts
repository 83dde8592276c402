/**
 * Which input tiles an output tile needs (spec/step-program.md section 5), as ranges of leaves. Rows of a tile lie in one
 * sequence and head, as lengths are multiples of eight; a record for which they do not is refused when an element is missing.
 *
 * Kinds that gather name the tiles that hold indices in stage 0 and what the indices select in stage 1.
 */
import { firstKey, headOf, headRow, keyCount, keyOf, tokenOf } from "./attentionElements";
import { divTrunc, larger, smaller } from "./primitives";
import {
  columnBits,
  columns,
  inputs,
  isPresent,
  kind,
  nameRange,
  OUTPUT,
  output,
  param,
  rows,
  tile,
  tileColumns,
  tileRows,
} from "./request";
import { partialChunk, partialColumn, partialOutput, tokenAt } from "./rowElements";

/** The output region, in elements. */
export let row0: i64 = 0;
export let column0: i64 = 0;
export let height: i64 = 0;
export let width: i64 = 0;

let hasRoom: bool = true;

export function bindRegion(): void {
  const down = tile >> columnBits(OUTPUT);
  const across = tile & ((1 << columnBits(OUTPUT)) - 1);
  row0 = <i64>(down * tileRows(OUTPUT));
  column0 = <i64>(across * tileColumns(OUTPUT));
  height = smaller(<i64>tileRows(OUTPUT), <i64>rows(OUTPUT) - row0);
  width = smaller(<i64>tileColumns(OUTPUT), <i64>columns(OUTPUT) - column0);
}

/** Names the tiles of an input that a rectangle touches, in as few ranges as rows or columns allow. */
function need(slot: i32, row: i64, column: i64, count: i64, across: i64): void {
  if (!isPresent(slot) || count <= 0 || across <= 0) return;
  const lastRow = smaller(<i64>rows(slot), row + count) - 1;
  const lastColumn = smaller(<i64>columns(slot), column + across) - 1;
  const top = divTrunc(larger(0, row), <i64>tileRows(slot));
  const left = divTrunc(larger(0, column), <i64>tileColumns(slot));
  const down = divTrunc(lastRow, <i64>tileRows(slot)) - top + 1;
  const wide = divTrunc(lastColumn, <i64>tileColumns(slot)) - left + 1;
  if (down <= 0 || wide <= 0) return;
  const stride = (<i64>1) << (<i64>columnBits(slot));
  if (wide === stride) {
    name(slot, top * stride, down * wide, 1);
  } else if (down <= wide) {
    for (let i: i64 = 0; i < down; i++) name(slot, (top + i) * stride + left, wide, 1);
  } else {
    for (let j: i64 = 0; j < wide; j++) name(slot, top * stride + left + j, down, stride);
  }
}

function name(slot: i32, first: i64, count: i64, stride: i64): void {
  if (!nameRange(slot, <i32>first, <i32>count, <i32>stride)) hasRoom = false;
}

/** The rows of the region of an input, over all its columns. */
function needRows(slot: i32): void {
  need(slot, row0, 0, height, <i64>columns(slot));
}

/** One value for each row of the region. */
function needScalars(slot: i32): void {
  need(slot, row0, 0, height, 1);
}

function needRegion(slot: i32): void {
  need(slot, row0, column0, height, width);
}

function needWhole(slot: i32): void {
  need(slot, 0, 0, <i64>rows(slot), <i64>columns(slot));
}

/** The block of an input that the region reduces. */
function needBlock(slot: i32, chunkRows: i64, chunkColumns: i64): void {
  need(slot, row0 * chunkRows, column0 * chunkColumns, height * chunkRows, width * chunkColumns);
}

/** Tiles that hold the tokens of the region's rows. */
function needTokens(length: i64, ahead: i64): void {
  const sequence = divTrunc(row0, length);
  need(0, sequence, row0 - sequence * length + ahead, 1, height);
}

function needRowsOfTokens(slot: i32, vocabulary: i64, ahead: i64, column: i64, across: i64): void {
  for (let i: i64 = 0; i < height; i++) {
    need(slot, tokenAt(row0 + i, param(0), vocabulary, ahead), column, 1, across);
  }
}

/** Names the closure; false if it has too many ranges or the kind is unknown. */
export function nameClosure(stage: i32): bool {
  hasRoom = true;
  if (kind < 1 || (kind > 51 && kind !== 55)) return false;
  if (kind <= 14) nameProducts(stage);
  else if (kind <= 22) nameRows();
  else if (kind <= 27) nameHeads();
  else if (kind <= 42) nameAttention();
  else if (kind <= 49) nameHead(stage);
  else if (kind <= 51) nameOptimizer();
  else nameEpsilon();
  return hasRoom;
}

/** Whether the closure has a second stage. */
export function gathers(): bool {
  if (kind === 49) return output === 0;
  return kind === 1 || kind === 45 || kind === 48;
}

function nameProducts(stage: i32): void {
  if (kind === 1) {
    if (stage === 0) needTokens(param(0), 0);
    else needRowsOfTokens(1, <i64>rows(1), 0, column0, width);
  } else if (kind === 2) {
    needBlock(0, param(0), param(1));
    need(1, row0 * param(0), 0, height * param(0), 1);
  } else if (kind === 3) {
    needRegion(0);
    if (rows(1) === 1) needWhole(1);
    else needScalars(1);
    needScalars(2);
  } else if (kind <= 5) {
    needBlock(0, param(0), param(1));
  } else if (kind <= 7) {
    const head = divTrunc(row0, param(1));
    for (let g: i64 = 0; g < param(0); g++) {
      need(0, (head * param(0) + g) * param(1) + row0 - head * param(1), column0, height, width);
    }
  } else if (kind === 8) {
    nameGemm();
  } else if (kind === 9) {
    nameLinear();
  } else if (kind === 10) {
    nameLinearBackward();
  } else if (kind === 11) {
    needRows(0);
    needWhole(1);
    needScalars(2);
    needScalars(3);
  } else if (kind === 12) {
    need(0, row0 * param(0), 0, height * param(0), <i64>columns(0));
    for (let slot = 1; slot < 4; slot++) need(slot, row0 * param(0), 0, height * param(0), 1);
  } else if (kind === 13) {
    needRegion(0);
    needScalars(1);
    needWhole(2);
    needScalars(3);
    needScalars(4);
  } else {
    nameFactorGradient();
  }
}

function nameGemm(): void {
  const n = <i64>rows(1);
  const count = divTrunc(<i64>columns(0) + param(0) - 1, param(0));
  const last = column0 + width - 1;
  const c = partialChunk(column0, count, n);
  const isOneChunk = partialChunk(last, count, n) === c;
  const from = isOneChunk ? c * param(0) : 0;
  const across = isOneChunk ? param(0) : <i64>columns(0);
  const j = isOneChunk ? partialOutput(column0, count, n) : 0;
  need(0, row0, from, height, across);
  need(1, j, from, isOneChunk ? partialOutput(last, count, n) - j + 1 : n, across);
}

function nameLinear(): void {
  needRows(0);
  need(1, column0, 0, width, <i64>columns(1));
  needWhole(2);
  needScalars(3);
  needRows(4);
  needScalars(5);
  if (isPresent(6)) need(6, 0, column0, <i64>rows(6), width);
  needWhole(7);
  needRegion(8);
}

function nameLinearBackward(): void {
  needScalars(1);
  needWhole(3);
  needScalars(9);
  if (output === 1) return;
  needRows(0);
  need(2, column0, 0, width, <i64>columns(2));
  needRows(4);
  needScalars(5);
  if (isPresent(6)) need(6, 0, column0, <i64>rows(6), width);
  needWhole(7);
  needRegion(8);
}

function nameFactorGradient(): void {
  const rank = <i64>columns(0);
  const c = divTrunc(row0, rank);
  const isOneChunk = divTrunc(row0 + height - 1, rank) === c;
  const from = c * param(0);
  const end = (divTrunc(row0 + height - 1, rank) + 1) * param(0);
  need(0, from, isOneChunk ? row0 - c * rank : 0, end - from, isOneChunk ? height : rank);
  need(1, from, column0, end - from, width);
}

/** Norm kinds (their slots differ) and the gate. */
function nameRows(): void {
  if (kind === 15 || kind === 16 || kind === 18) {
    const x = kind === 18 ? 3 : 0;
    for (let slot = 0; slot < inputs; slot++) {
      const isGain = kind === 18 ? slot === 6 : kind === 16 && slot === 3;
      if (slot === x || (kind === 18 && slot === 0)) needBlock(slot, 1, param(0));
      else if (isGain) need(slot, 0, column0 * param(0), 1, width * param(0));
      else needScalars(slot);
    }
  } else if (kind === 17) {
    needRegion(0);
    need(3, 0, column0, 1, width);
    for (let slot = 1; slot < 6; slot++) if (slot !== 3) needScalars(slot);
  } else if (kind <= 20) {
    nameNormBackward();
  } else {
    nameGate();
  }
}

function nameNormBackward(): void {
  if (output === 1) {
    needScalars(4);
    needScalars(1);
    needScalars(5);
    return;
  }
  needRegion(0);
  needRegion(3);
  need(6, 0, column0, 1, width);
  needScalars(1);
  needScalars(2);
  needScalars(4);
  needScalars(5);
  needScalars(7);
  needScalars(8);
  needRegion(9);
}

function nameGate(): void {
  if (kind === 21) {
    needScalars(2);
    needScalars(3);
    if (output === 1) return;
    needRegion(0);
    needRegion(1);
    return;
  }
  needScalars(2);
  needScalars(5);
  needScalars(6);
  if (output === 1) return;
  needRegion(0);
  needScalars(1);
  needRegion(3);
  needRegion(4);
}

/** The tokens and the head of a region of per-head rows. */
function needHead(slot: i32, size: i64): void {
  const head = headOf(row0, param(0), param(1));
  need(slot, tokenOf(row0, param(0), param(1)), head * size, height, size);
}

function nameHeads(): void {
  const position = row0 - divTrunc(row0, param(1)) * param(1);
  if (kind === 23 || kind === 24) {
    needHead(0, divTrunc(<i64>columns(0), param(0)));
    if (kind === 24) need(1, position + param(3), 0, height, <i64>columns(1));
    else need(1, tokenOf(row0, param(0), param(1)), 0, height, 1);
  } else if (kind === 27) {
    nameCache();
  } else {
    const isMerge = kind === 26;
    if (isMerge) needScalars(2);
    if (isMerge && output === 1) return;
    const size = <i64>columns(0);
    const from = isMerge ? divTrunc(column0, size) : column0 * param(2);
    const to = isMerge
      ? divTrunc(column0 + width - 1, size) + 1
      : smaller(param(0), (column0 + width) * param(2));
    for (let head = from; head < to; head++) {
      const row = headRow(row0, head, param(0), param(1));
      need(0, row, 0, height, size);
      need(1, row, 0, height, 1);
    }
    if (isMerge) need(3, position, 0, height, <i64>columns(3));
  }
}

function nameCache(): void {
  const length = param(0) + param(1);
  for (let i: i64 = 0; i < height; i++) {
    const block = divTrunc(row0 + i, length);
    const position = row0 + i - block * length;
    if (position < param(0)) need(0, block * param(0) + position, column0, 1, width);
    else need(1, block * param(1) + position - param(0), column0, 1, width);
  }
}

/** Keys that the region's query rows see between two positions. */
function needKeys(slot: i32, from: i64, to: i64, column: i64, across: i64): void {
  const end = smaller(to, keyCount(row0 + height - 1));
  need(slot, firstKey(row0) + from, column, end - from, across);
}

function nameAttention(): void {
  if (kind === 28) {
    const from = divTrunc(row0, param(0)) * param(0);
    need(0, from, 0, row0 + height - from, 1);
  } else if (kind === 32) {
    nameContext();
  } else if (kind === 37) {
    need(0, row0, 0, height, keyCount(row0 + height - 1));
    needKeys(1, 0, param(3), column0, width);
  } else if (kind === 42) {
    const position = row0 - divTrunc(row0, param(3)) * param(3);
    need(0, row0, position, height, param(2) - position);
    need(1, row0, column0, param(2) - position, width);
  } else if (kind >= 38) {
    nameByKey();
  } else {
    nameByQuery();
  }
}

function nameContext(): void {
  const size = <i64>columns(1);
  const last = divTrunc(column0 + width - 1, size);
  for (let head = divTrunc(column0, size); head <= last; head++) {
    const row = headRow(row0, head, param(0), param(2));
    const count = keyCount(row + height - 1);
    const from = larger(0, column0 - head * size);
    need(0, row, 0, height, count);
    need(1, firstKey(row), from, count, smaller(size, column0 + width - head * size) - from);
    need(2, row, 0, height, 1);
    need(3, firstKey(row) + keyCount(row) - 1, 0, height, 1);
  }
}

/** Slots of key heads and key scalars among the inputs of the kinds that go by query row. */
function isKeySlot(slot: i32): bool {
  if (slot === 2 || slot === 3) return true;
  if (kind === 31) return slot === 5;
  return kind >= 34 && kind <= 39 && (slot === 4 || slot === 5);
}

function nameByQuery(): void {
  const isTile = kind === 31 || kind === 36;
  const chunk = isTile ? 1 : kind === 33 ? param(4) : param(5);
  const from = column0 * chunk;
  const to = (column0 + width) * chunk;
  for (let slot = 0; slot < inputs; slot++) {
    if (kind === 31 && slot === 6) need(6, firstKey(row0) + keyCount(row0) - 1, 0, height, 1);
    else if (isKeySlot(slot)) needKeys(slot, from, to, 0, <i64>columns(slot));
    else needRows(slot);
  }
}

function nameByKey(): void {
  const isTile = kind === 39 || kind === 41;
  const chunk = isTile ? 1 : param(5);
  const first = divTrunc(row0, param(3)) * param(3);
  const from = larger(column0 * chunk, row0 - first);
  const to = smaller(param(2), (column0 + width) * chunk);
  const magnitudeSlot = kind === 39 ? 12 : kind === 41 ? 7 : -1;
  for (let slot = 0; slot < inputs; slot++) {
    if (isKeySlot(slot) || slot === magnitudeSlot) {
      need(slot, keyOf(row0), 0, height, <i64>columns(slot));
    } else {
      need(slot, first + from, 0, to - from, <i64>columns(slot));
    }
  }
}

function nameHead(stage: i32): void {
  if (kind === 43) {
    needRows(0);
    need(1, column0, 0, width, <i64>columns(1));
    need(2, column0, 0, width, 1);
    needWhole(3);
    needScalars(4);
  } else if (kind === 44) {
    needBlock(0, 1, param(0));
    needScalars(1);
  } else if (kind === 49) {
    nameHeadBackward(stage);
  } else {
    nameLogits(stage);
  }
}

function nameHeadBackward(stage: i32): void {
  if (output === 1) {
    needWhole(4);
    needScalars(5);
    return;
  }
  if (stage === 0) {
    needTokens(param(0), 1);
    return;
  }
  const across = <i64>columns(3);
  const count = divTrunc(<i64>columns(1), across);
  const from = partialColumn(column0, 0, count, across);
  const to = partialColumn(column0 + width - 1, count - 1, count, across);
  need(1, row0, from, height, to - from + 1);
  needScalars(2);
  needRowsOfTokens(3, <i64>rows(3), 1, column0, width);
}

/** Loss, dlogits and their statistics: tokens 0, score 1, max 2, sum 3, rowScale 4, magnitude 5. */
function nameLogits(stage: i32): void {
  if (stage === 0) needTokens(param(0), 1);
  if (gathers()) {
    if (stage === 0) return;
    for (let i: i64 = 0; i < height; i++) {
      const target = tokenAt(row0 + i, param(0), <i64>columns(1), 1);
      need(1, row0 + i, target, 1, 1);
      if (kind === 48) need(4, target, 0, 1, 1);
    }
    needScalars(2);
    needScalars(3);
    if (kind === 48) needScalars(5);
    return;
  }
  const chunk: i64 = kind === 46 ? param(1) : 1;
  needBlock(1, 1, chunk);
  needScalars(2);
  needScalars(3);
  need(4, column0 * chunk, 0, width * chunk, 1);
  if (kind === 47) needScalars(5);
}

function nameEpsilon(): void {
  needScalars(0);
  needScalars(1);
}

function nameOptimizer(): void {
  const rank = <i64>rows(OUTPUT);
  for (let row: i64 = 0; row < <i64>rows(0); row += rank)
    need(0, row + row0, column0, height, width);
  needWhole(1);
  const isMean = output === 1 && kind === 50;
  needRegion(3);
  needRegion(4);
  if (!isMean) needRegion(5);
}
