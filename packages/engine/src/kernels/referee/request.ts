/**
 * The request in memory (spec/referee.md section 2), the record in it (spec/step-program.md section 3), and the elements of its
 * tensors. Nothing here trusts a length, an index or a count before it is checked.
 */
import { larger } from "./primitives";
import { dotBytes, dotTernary } from "./vectors";

export const REQUEST: usize = 0x10000;
export const REQUEST_BYTES: i32 = 167936;
export const RESPONSE: usize = 0x39000;
export const RANGES_MAX: i32 = 64;
const SLOTS_MAX: i32 = 16;
const PARAMS_MAX: i32 = 8;
const STEP_BYTES: i32 = 32;

export const TERNARY: i32 = 9;
const ABSENT: u32 = 0xffffffff;

/** Fields of a tensor, four bytes each: slot 0 to 15 are inputs, slot 16 is the computed tensor. */
const TENSOR_BYTES: i32 = 32;
export const OUTPUT: i32 = 16;
const tensors: usize = memory.data(17 * 32, 16);
const params: usize = memory.data(8 * 4, 16);
/** Ranges: slot, first, count, stride, address (0 while unbound). */
const ranges: usize = memory.data(64 * 20, 16);
/** For each slot the range that held the tile it was asked for last. */
const hints: usize = memory.data(16 * 4, 16);
/** A row of int8 joined from its tiles, because each column of a product reads it again; copied by eight, so eight more. */
const ROW_BYTES: i32 = 16384;
const joined: usize = memory.data(16384 + 8, 16);
let joinedSlot: i32 = -1;
let joinedRow: i32 = 0;

export let kind: i32 = 0;
export let output: i32 = 0;
export let inputs: i32 = 0;
export let tile: i32 = 0;
export let rangeCount: i32 = 0;
export let presentInputs: i32 = 0;
/** Set when a definition reads an element that no bound range holds. */
export let isMissing: bool = false;

let constants: usize = 0;
let hasConstants: bool = false;
let table: usize = 0;

function field(slot: i32, index: i32): i32 {
  return load<i32>(tensors + <usize>(slot * TENSOR_BYTES + index * 4));
}

function setField(slot: i32, index: i32, value: i32): void {
  store<i32>(tensors + <usize>(slot * TENSOR_BYTES + index * 4), value);
}

export function isPresent(slot: i32): bool {
  return field(slot, 0) !== 0;
}
export function typeOf(slot: i32): i32 {
  return field(slot, 0);
}
export function rows(slot: i32): i32 {
  return field(slot, 1);
}
export function columns(slot: i32): i32 {
  return field(slot, 2);
}
export function tileRows(slot: i32): i32 {
  return field(slot, 3);
}
export function tileColumns(slot: i32): i32 {
  return field(slot, 4);
}
export function columnBits(slot: i32): i32 {
  return field(slot, 5);
}
export function tileBytes(slot: i32): i32 {
  return field(slot, 6);
}
export function param(index: i32): i64 {
  return <i64>load<i32>(params + <usize>(index * 4));
}

function round16(n: i32): i32 {
  return (n + 15) & ~15;
}

function chunks(n: i32, size: i32): i32 {
  return (n - 1) / size + 1;
}

function bitsOf(type: i32): i32 {
  if (type === 1) return 8;
  if (type === 2) return 16;
  if (type === 3) return 32;
  if (type === 4) return 64;
  return type === TERNARY ? 2 : 0;
}

/** Reads a tensor of the record; returns its bytes in the record, or -1 if a field is out of range. */
function parseTensor(slot: i32, at: usize): i32 {
  const type = <i32>load<u8>(at + 4);
  const height = load<i32>(at + 5);
  const width = load<i32>(at + 9);
  const tileHeight = <i32>load<u16>(at + 13);
  const tileWidth = <i32>load<u16>(at + 15);
  const bits = bitsOf(type);
  if (bits === 0 || height < 1 || width < 1 || tileHeight < 1 || tileWidth < 1) return -1;
  if (height > 1 << 28 || width > 1 << 28 || tileHeight > 4096 || tileWidth > 4096) return -1;
  if (type === TERNARY && ((tileHeight | tileWidth) & 15) !== 0) return -1;
  const bytes = (tileHeight * tileWidth * bits + 7) >> 3;
  if (bytes > 65536) return -1;
  const across = chunks(width, tileWidth);
  const bitsAcross = across <= 1 ? 0 : 32 - clz<i32>(across - 1);
  const down = chunks(height, tileHeight);
  const bitsDown = down <= 1 ? 0 : 32 - clz<i32>(down - 1);
  if (bitsAcross + bitsDown > 30) return -1;
  setField(slot, 0, type);
  setField(slot, 1, height);
  setField(slot, 2, width);
  setField(slot, 3, tileHeight);
  setField(slot, 4, tileWidth);
  setField(slot, 5, bitsAcross);
  setField(slot, 6, bytes);
  return 17;
}

function parseRecord(at: usize, length: i32): bool {
  if (length < 5) return false;
  kind = <i32>load<u16>(at);
  output = <i32>load<u8>(at + 2);
  inputs = <i32>load<u8>(at + 3);
  const paramCount = <i32>load<u8>(at + 4);
  if (inputs > SLOTS_MAX || paramCount > PARAMS_MAX) return false;
  const end = at + <usize>length;
  let place = at + 5;
  if (place + 17 > end || parseTensor(OUTPUT, place) < 0) return false;
  place += 17;
  for (let slot = 0; slot < SLOTS_MAX; slot++) setField(slot, 0, 0);
  for (let slot = 0; slot < inputs; slot++) {
    if (place + 4 > end) return false;
    if (load<u32>(place) === ABSENT) {
      place += 4;
      continue;
    }
    if (place + 17 > end || parseTensor(slot, place) < 0) return false;
    place += 17;
  }
  if (place + <usize>(paramCount * 4) !== end) return false;
  for (let i = 0; i < PARAMS_MAX; i++) {
    const value = i < paramCount ? load<i32>(place + <usize>(i * 4)) : 0;
    store<i32>(params + <usize>(i * 4), value);
  }
  return true;
}

/** Reads the request; 0, or the code of a refusal. */
export function parseRequest(length: i32): i32 {
  rangeCount = 0;
  isMissing = false;
  joinedSlot = -1;
  if (length < 32 || length > REQUEST_BYTES || (length & 15) !== 0) return -1;
  if (load<i32>(REQUEST) !== 1) return -1;
  tile = load<i32>(REQUEST, 4);
  const recordLength = load<i32>(REQUEST, 8);
  const constantsLength = load<i32>(REQUEST, 12);
  presentInputs = load<i32>(REQUEST, 16);
  if (recordLength < 1 || recordLength > 1024) return -1;
  if (constantsLength < 0 || constantsLength > 1024) return -1;
  if (presentInputs < 0 || presentInputs > RANGES_MAX) return -1;
  let place = 32 + round16(recordLength);
  constants = REQUEST + <usize>place;
  hasConstants = constantsLength === STEP_BYTES;
  place += round16(constantsLength);
  table = REQUEST + <usize>place;
  place += 16 * presentInputs;
  if (place > length) return -1;
  if (!parseRecord(REQUEST + 32, recordLength)) return -2;
  const across = chunks(columns(OUTPUT), tileColumns(OUTPUT));
  const down = chunks(rows(OUTPUT), tileRows(OUTPUT));
  const column = tile & ((1 << columnBits(OUTPUT)) - 1);
  if (tile < 0 || tile >> columnBits(OUTPUT) >= down || column >= across) return -3;
  return bindInputs(length, place);
}

/** Checks that the table's entries lie in the request, one behind the other. */
function bindInputs(length: i32, after: i32): i32 {
  let place = after;
  for (let i = 0; i < presentInputs; i++) {
    const entry = table + <usize>(16 * i);
    const offset = load<i32>(entry, 8);
    const bytes = load<i32>(entry, 12);
    if (offset !== place || bytes < 1 || bytes > length - place) return -1;
    place += round16(bytes);
  }
  return place === length ? 0 : -1;
}

export function hasStepConstants(): bool {
  return hasConstants;
}

/** Word of the step constants. */
export function step(index: i32): i64 {
  return <i64>load<i32>(constants + <usize>(index * 4));
}

function rangeAt(index: i32): usize {
  return ranges + <usize>(index * 20);
}

export function rangeField(index: i32, word: i32): i32 {
  return load<i32>(rangeAt(index) + <usize>(word * 4));
}

/** Names a range unless it is already named; false if there is no room. */
export function nameRange(slot: i32, first: i32, count: i32, stride: i32): bool {
  for (let i = 0; i < rangeCount; i++) {
    const same =
      rangeField(i, 0) === slot &&
      rangeField(i, 1) === first &&
      rangeField(i, 2) === count &&
      rangeField(i, 3) === stride;
    if (same) return true;
  }
  if (rangeCount >= RANGES_MAX) return false;
  const at = rangeAt(rangeCount);
  store<i32>(at, slot);
  store<i32>(at, first, 4);
  store<i32>(at, count, 8);
  store<i32>(at, stride, 12);
  store<i32>(at, 0, 16);
  rangeCount += 1;
  return true;
}

/** Gives ranges from..to the bytes of the request's inputs of the same places; false if they are not those. */
export function bindRanges(from: i32, to: i32): bool {
  if (to > presentInputs) return false;
  for (let i = from; i < to; i++) {
    const entry = table + <usize>(16 * i);
    const slot = rangeField(i, 0);
    const isSame =
      load<i32>(entry) === slot &&
      load<i32>(entry, 4) === rangeField(i, 1) &&
      load<i32>(entry, 12) === rangeField(i, 2) * tileBytes(slot);
    if (!isSame) return false;
    store<i32>(rangeAt(i), <i32>REQUEST + load<i32>(entry, 8), 16);
  }
  return true;
}

/** Address of a tile in a range, or 0 if it is not one of the range's. */
function addressIn(range: i32, slot: i32, index: i32): usize {
  const at = rangeAt(range);
  if (load<i32>(at) !== slot) return 0;
  const distance = index - load<i32>(at, 4);
  const address = load<i32>(at, 16);
  if (distance < 0 || address === 0) return 0;
  const stride = load<i32>(at, 12);
  const position = stride === 1 ? distance : distance / stride;
  if (position >= load<i32>(at, 8) || position * stride !== distance) return 0;
  return <usize>(address + position * tileBytes(slot));
}

/** Address of a tile's bytes, or 0 with `isMissing` set. The range of the last tile of the slot is tried first. */
function tileAddress(slot: i32, index: i32): usize {
  const hint = hints + <usize>(slot << 2);
  const known = addressIn(load<i32>(hint), slot, index);
  if (known !== 0) return known;
  for (let i = 0; i < rangeCount; i++) {
    const address = addressIn(i, slot, index);
    if (address === 0) continue;
    store<i32>(hint, i);
    return address;
  }
  isMissing = true;
  return 0;
}

function clampIndex(index: i64, size: i32): i32 {
  return index < 0 ? 0 : index >= <i64>size ? size - 1 : <i32>index;
}

/** Reads one element; i8 to i64, or ternary. Indices are clamped to the tensor. */
export function at(slot: i32, row: i64, column: i64): i64 {
  const r = clampIndex(row, rows(slot));
  const c = clampIndex(column, columns(slot));
  const height = tileRows(slot);
  const width = tileColumns(slot);
  const down = r / height;
  const across = c / width;
  const base = tileAddress(slot, (down << columnBits(slot)) + across);
  if (base === 0) return 0;
  return element(base, typeOf(slot), r - down * height, c - across * width, width);
}

/** Element (r, c) of a tile. */
function element(base: usize, type: i32, r: i32, c: i32, width: i32): i64 {
  const index = <usize>(r * width + c);
  if (type === 1) return <i64>load<i8>(base + index);
  if (type === 2) return <i64>load<i16>(base + (index << 1));
  if (type === 3) return <i64>load<i32>(base + (index << 2));
  if (type === 4) return load<i64>(base + (index << 3));
  const block = (r >> 4) * (width >> 4) + (c >> 4);
  const byte = <i32>load<u8>(base + <usize>(block * 64 + (r & 15) * 4 + (c & 3)));
  return <i64>(((byte >> (((c >> 2) & 3) << 1)) & 3) - 1);
}

/** Address of element (r, c) of a tile whose elements are whole bytes. */
function elementAddress(base: usize, slot: i32, r: i32, c: i32): usize {
  return base + ((<usize>(r * tileColumns(slot) + c)) << (<usize>shiftOf(typeOf(slot))));
}

/** log2 of the bytes of an element. */
function shiftOf(type: i32): i32 {
  return type === TERNARY ? 0 : type - 1;
}

function loadInteger(address: usize, type: i32): i64 {
  if (type === 1) return <i64>load<i8>(address);
  if (type === 2) return <i64>load<i16>(address);
  return type === 3 ? <i64>load<i32>(address) : load<i64>(address);
}

/** sum of n products along two runs of elements; the usual pairs of types have a loop of their own. */
function dotRun(
  a: usize,
  stepA: usize,
  typeA: i32,
  b: usize,
  stepB: usize,
  typeB: i32,
  n: i32,
): i64 {
  let pa = a;
  let pb = b;
  let sum: i64 = 0;
  if (typeA === 1 && typeB === 1) {
    let left = n;
    if (ASC_FEATURE_SIMD && stepA === 1 && stepB === 1) {
      const whole = n & ~15;
      sum = <i64>dotBytes(pa, pb, whole);
      pa += <usize>whole;
      pb += <usize>whole;
      left -= whole;
    }
    for (let k = left; k > 0; k--) {
      sum += <i64>(<i32>load<i8>(pa) * <i32>load<i8>(pb));
      pa += stepA;
      pb += stepB;
    }
  } else if (typeA === 2 && typeB === 1) {
    for (let k = n; k > 0; k--) {
      sum += <i64>(<i32>load<i16>(pa) * <i32>load<i8>(pb));
      pa += stepA;
      pb += stepB;
    }
  } else if (typeA === 1 && typeB === 2) {
    for (let k = n; k > 0; k--) {
      sum += <i64>(<i32>load<i8>(pa) * <i32>load<i16>(pb));
      pa += stepA;
      pb += stepB;
    }
  } else if (typeA === 2 && typeB === 2) {
    for (let k = n; k > 0; k--) {
      sum += <i64>(<i32>load<i16>(pa) * <i32>load<i16>(pb));
      pa += stepA;
      pb += stepB;
    }
  } else {
    for (let k = n; k > 0; k--) {
      sum += loadInteger(pa, typeA) * loadInteger(pb, typeB);
      pa += stepA;
      pb += stepB;
    }
  }
  return sum;
}

/** Address of a whole row of int8, or 0 with `isMissing` set. */
function joinRow(slot: i32, row: i32): usize {
  if (slot === joinedSlot && row === joinedRow) return joined;
  joinedSlot = -1;
  const width = tileColumns(slot);
  const inTile = <usize>((row % tileRows(slot)) * width);
  let index = (row / tileRows(slot)) << columnBits(slot);
  for (let column = 0; column < columns(slot); column += width) {
    const base = tileAddress(slot, index);
    if (base === 0) return 0;
    const n = min(width, columns(slot) - column);
    for (let k = 0; k < n; k += 8) {
      store<u64>(joined + <usize>(column + k), load<u64>(base + inTile + <usize>k));
    }
    index += 1;
  }
  joinedSlot = slot;
  joinedRow = row;
  return joined;
}

/** sum over k in from..to of a[ra, k] * b[rb, k], run by run: a run ends where a tile of either does. */
export function dotRows(a: i32, ra: i64, b: i32, rb: i64, from: i64, to: i64): i64 {
  const i = clampIndex(ra, rows(a));
  const j = clampIndex(rb, rows(b));
  const rowB = j % tileRows(b);
  const end = <i32>(to < <i64>columns(a) ? to : <i64>columns(a));
  const start = <i32>larger(0, from);
  const isTernary = typeOf(b) === TERNARY;
  const stepA = (<usize>1) << (<usize>shiftOf(typeOf(a)));
  const stepB = (<usize>1) << (<usize>shiftOf(typeOf(b)));
  const isJoined =
    typeOf(a) === 1 &&
    start === 0 &&
    end === columns(a) &&
    end > tileColumns(a) &&
    end <= ROW_BYTES;
  const widthA = isJoined ? end : tileColumns(a);
  const rowA = isJoined ? 0 : i % tileRows(a);
  let columnA = isJoined ? 0 : start % widthA;
  let columnB = start % tileColumns(b);
  let tileA = ((i / tileRows(a)) << columnBits(a)) + start / tileColumns(a);
  let tileB = ((j / tileRows(b)) << columnBits(b)) + start / tileColumns(b);
  let baseA: usize = 0;
  let baseB: usize = 0;
  let left = end - start;
  let sum: i64 = 0;
  while (left > 0) {
    if (baseA === 0) baseA = isJoined ? joinRow(a, i) : tileAddress(a, tileA);
    if (baseB === 0) baseB = tileAddress(b, tileB);
    if (baseA === 0 || baseB === 0) return 0;
    const run = min(min(widthA - columnA, tileColumns(b) - columnB), left);
    const pa = elementAddress(baseA, a, rowA, columnA);
    if (isTernary) sum += ternaryRun(pa, baseB, rowB, columnB, tileColumns(b), run);
    else
      sum += dotRun(
        pa,
        stepA,
        typeOf(a),
        elementAddress(baseB, b, rowB, columnB),
        stepB,
        typeOf(b),
        run,
      );
    left -= run;
    columnA += run;
    columnB += run;
    if (columnA === widthA) {
      columnA = 0;
      tileA += 1;
      baseA = 0;
    }
    if (columnB === tileColumns(b)) {
      columnB = 0;
      tileB += 1;
      baseB = 0;
    }
  }
  return sum;
}

/** A run of int8 against one row of a ternary tile: 16 columns of a block at a time, four by four. */
function ternaryRun(x: usize, base: usize, row: i32, column: i32, width: i32, run: i32): i64 {
  const rowBase = base + <usize>((row >> 4) * (width >> 4) * 64 + (row & 15) * 4);
  let sum: i32 = 0;
  let n = 0;
  while (n < run) {
    const c = column + n;
    const block = rowBase + <usize>((c >> 4) << 6);
    if (ASC_FEATURE_SIMD && (c & 15) === 0 && run - n >= 16) {
      const whole = (run - n) & ~15;
      sum += dotTernary(x + <usize>n, block, whole);
      n += whole;
    } else if ((c & 15) === 0 && run - n >= 16) {
      let codes = load<u32>(block);
      let p = x + <usize>n;
      for (let four = 4; four > 0; four--) {
        sum += <i32>load<i8>(p) * (<i32>(codes & 3) - 1);
        sum += <i32>load<i8>(p, 1) * (<i32>((codes >> 8) & 3) - 1);
        sum += <i32>load<i8>(p, 2) * (<i32>((codes >> 16) & 3) - 1);
        sum += <i32>load<i8>(p, 3) * (<i32>((codes >> 24) & 3) - 1);
        codes >>= 2;
        p += 4;
      }
      n += 16;
    } else {
      const byte = <i32>load<u8>(block + <usize>(c & 3));
      sum += <i32>load<i8>(x + <usize>n) * (((byte >> (((c >> 2) & 3) << 1)) & 3) - 1);
      n += 1;
    }
  }
  return <i64>sum;
}

/**
 * sum over k in 0..count of a's element times b[rb + k, cb]: a's elements are those of the row ra from column ca on, or those
 * of the column ca from row ra down.
 */
export function dotColumn(
  a: i32,
  ra: i64,
  ca: i64,
  isColumn: bool,
  b: i32,
  rb: i64,
  cb: i64,
  count: i64,
): i64 {
  const column = clampIndex(cb, columns(b));
  const withinB = column % tileColumns(b);
  const acrossB = column / tileColumns(b);
  const sizeA = (<usize>1) << (<usize>shiftOf(typeOf(a)));
  const stepA = isColumn ? <usize>tileColumns(a) * sizeA : sizeA;
  const stepB = (<usize>tileColumns(b)) << (<usize>shiftOf(typeOf(b)));
  let sum: i64 = 0;
  let k: i64 = 0;
  while (k < count) {
    const i = clampIndex(isColumn ? ra + k : ra, rows(a));
    const j = clampIndex(isColumn ? ca : ca + k, columns(a));
    const r = clampIndex(rb + k, rows(b));
    const rowA = i % tileRows(a);
    const columnA = j % tileColumns(a);
    const rowB = r % tileRows(b);
    const leftA = isColumn ? tileRows(a) - rowA : tileColumns(a) - columnA;
    const left = <i64>min(leftA, tileRows(b) - rowB);
    const run = <i32>(count - k < left ? count - k : left);
    const baseA = tileAddress(a, ((i / tileRows(a)) << columnBits(a)) + j / tileColumns(a));
    const baseB = tileAddress(b, ((r / tileRows(b)) << columnBits(b)) + acrossB);
    if (baseA === 0 || baseB === 0) return 0;
    const pa = elementAddress(baseA, a, rowA, columnA);
    const pb = elementAddress(baseB, b, rowB, withinB);
    sum += dotRun(pa, stepA, typeOf(a), pb, stepB, typeOf(b), run);
    k += <i64>run;
  }
  return sum;
}
