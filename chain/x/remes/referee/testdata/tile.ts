// A small referee for the tests of its host, written to spec/referee.md. It has two operations: a
// tile of an int8 × packed ternary product, and a gather whose leaves depend on data. It is total:
// every op record that it accepts gives a tile on all input bytes. It must not allocate.
//
// npm run kernels:build compiles it to tile.wasm and tile-simd.wasm; kernels:check compares.

export const request: usize = 0x1000;
export const response: usize = 0x2a000;

const UNPACKED: usize = 0x3a000; // 32 rows × 256 weights, one byte each
const GATHERED: usize = 0x3c000; // 8 rows × 256 activations, one byte each
const SUMS: usize = 0x3d000; // 8 × 32 i32

const MALFORMED = -1;
const UNKNOWN_OP = -2;
const OUTSIDE_GRID = -3;
const TOO_LARGE = -4;
const WRONG_INPUTS = -5;

const HEADER: u32 = 32;
const ENTRY: u32 = 16;
const KERNEL_PRODUCT: u32 = 1;
const KERNEL_GATHER: u32 = 2;
const ROWS: u32 = 8;
const COLUMNS: u32 = 32;
const BLOCK: u32 = 256; // weights of a row in one leaf
const DEPTH_MAX: u32 = 8192;
const ROW_BYTES: u32 = 64; // of the table that gather reads

function field(at: u32): u32 {
  return load<u32>(request + at);
}

function aligned(n: u32): u32 {
  return (n + 15) & ~15;
}

/** Offset of the input table, from the start of the request. */
function table(): u32 {
  return HEADER + aligned(field(8)) + aligned(field(12));
}

/** Op record: kernel, then for a product depth, shift, row panels and column tiles. */
function op(index: u32): u32 {
  return field(HEADER + 4 * index);
}

/** Zero for a request that this module serves, else the code of its refusal. */
function check(length: u32): i32 {
  if (length < HEADER + 16 || field(0) != 1 || field(16) > 64) return MALFORMED;
  const opBytes: u32 = field(8);
  if (opBytes == 20 && op(0) == KERNEL_PRODUCT) {
    const depth = op(1);
    if (depth == 0 || depth % BLOCK != 0 || op(3) == 0 || op(4) == 0) return UNKNOWN_OP;
    if (op(3) > 0xffff || op(4) > 0xffff) return UNKNOWN_OP;
    if (depth > DEPTH_MAX) return TOO_LARGE;
    return field(4) < op(3) * op(4) ? 0 : OUTSIDE_GRID;
  }
  if (opBytes == 8 && op(0) == KERNEL_GATHER) return op(1) == 0 ? UNKNOWN_OP : 0;
  return UNKNOWN_OP;
}

/** Whether input i is the given range with the given length. */
function holds(i: u32, slot: u32, first: u32, bytes: u32): bool {
  const entry = table() + ENTRY * i;
  return field(entry) == slot && field(entry + 4) == first && field(entry + 12) == bytes;
}

function input(i: u32): usize {
  return request + field(table() + ENTRY * i + 8);
}

function begin(ranges: u32, more: u32): i32 {
  store<u32>(response, ranges);
  store<u32>(response + 4, more);
  store<u64>(response + 8, 0);
  return 16 + 16 * ranges;
}

function name(i: u32, slot: u32, first: u32, count: u32): void {
  const at = response + 16 + 16 * i;
  store<u32>(at, slot);
  store<u32>(at + 4, first);
  store<u32>(at + 8, count);
  store<u32>(at + 12, 1);
}

export function closure(length: i32): i32 {
  const refusal = check(length);
  if (refusal < 0) return refusal;
  if (op(0) == KERNEL_PRODUCT) {
    const blocks = op(1) / BLOCK;
    name(0, 0, (field(4) / op(4)) * blocks * 8, blocks * 8);
    name(1, 1, (field(4) % op(4)) * blocks, blocks);
    return begin(2, 0);
  }
  if (field(16) == 0) {
    name(0, 0, field(4), 1);
    return begin(1, 1);
  }
  if (!holds(0, 0, field(4), 4 * ROWS)) return WRONG_INPUTS;
  for (let i: u32 = 0; i < ROWS; i++) name(i, 1, row(i), 1);
  return begin(ROWS, 0);
}

export function execute(length: i32): i32 {
  const refusal = check(length);
  if (refusal < 0) return refusal;
  return op(0) == KERNEL_PRODUCT ? product() : gather();
}

/** The index of row i, clamped to the table. */
function row(i: u32): u32 {
  return min(load<u32>(input(0) + 4 * i), op(1) - 1);
}

function gather(): i32 {
  if (field(16) != 1 + ROWS || !holds(0, 0, field(4), 4 * ROWS)) return WRONG_INPUTS;
  for (let i: u32 = 0; i < ROWS; i++) {
    if (!holds(i + 1, 1, row(i), ROW_BYTES)) return WRONG_INPUTS;
    const from = input(i + 1);
    const to = response + i * ROW_BYTES;
    for (let k: u32 = 0; k < ROW_BYTES; k += 8) store<u64>(to + k, load<u64>(from + k));
  }
  return ROWS * ROW_BYTES;
}

function product(): i32 {
  const blocks = op(1) / BLOCK;
  const activations = (field(4) / op(4)) * blocks * 8;
  const weights = (field(4) % op(4)) * blocks;
  if (field(16) != 2 || !holds(0, 0, activations, blocks * 2048)) return WRONG_INPUTS;
  if (!holds(1, 1, weights, blocks * 2048)) return WRONG_INPUTS;
  for (let b: u32 = 0; b < blocks; b++) {
    unpack(input(1) + b * 2048);
    collect(input(0) + b * 2048);
    for (let r: u32 = 0; r < ROWS; r++) {
      for (let c: u32 = 0; c < COLUMNS; c++) {
        const sum = SUMS + 4 * (r * COLUMNS + c);
        store<i32>(sum, load<i32>(sum) + dot(GATHERED + r * BLOCK, UNPACKED + c * BLOCK));
      }
    }
  }
  const shift = min<u32>(op(2), 30);
  for (let i: u32 = 0; i < ROWS * COLUMNS; i++) {
    store<i32>(response + 4 * i, roundShift(load<i32>(SUMS + 4 * i), shift));
  }
  return 4 * ROWS * COLUMNS;
}

/** A leaf of 32 rows × 256 weights, two bits each, code − 1; the reserved code 3 means +2. */
function unpack(leaf: usize): void {
  for (let i: u32 = 0; i < 2048; i++) {
    const codes = <i32>load<u8>(leaf + i);
    const to = UNPACKED + 4 * i;
    store<i8>(to, (codes & 3) - 1);
    store<i8>(to + 1, ((codes >> 2) & 3) - 1);
    store<i8>(to + 2, ((codes >> 4) & 3) - 1);
    store<i8>(to + 3, (codes >> 6) - 1);
  }
}

/** Eight leaves of 8 rows × 32 activations, made one row after the other. */
function collect(leaves: usize): void {
  for (let leaf: u32 = 0; leaf < 8; leaf++) {
    for (let r: u32 = 0; r < ROWS; r++) {
      const from = leaves + leaf * 256 + r * 32;
      const to = GATHERED + r * BLOCK + leaf * 32;
      for (let k: u32 = 0; k < 32; k += 8) store<u64>(to + k, load<u64>(from + k));
    }
  }
}

function dot(a: usize, w: usize): i32 {
  if (ASC_FEATURE_SIMD) {
    let sums = i32x4.splat(0);
    for (let k: u32 = 0; k < BLOCK; k += 16) {
      const x = v128.load(a + k);
      const y = v128.load(w + k);
      const low = i16x8.extmul_low_i8x16_s(x, y);
      const high = i16x8.extmul_high_i8x16_s(x, y);
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(low));
      sums = i32x4.add(sums, i32x4.extadd_pairwise_i16x8_s(high));
    }
    return (
      i32x4.extract_lane(sums, 0) +
      i32x4.extract_lane(sums, 1) +
      i32x4.extract_lane(sums, 2) +
      i32x4.extract_lane(sums, 3)
    );
  }
  let sum: i32 = 0;
  for (let k: u32 = 0; k < BLOCK; k++) sum += <i32>load<i8>(a + k) * <i32>load<i8>(w + k);
  return sum;
}

function roundShift(x: i32, shift: u32): i32 {
  return shift == 0 ? x : (x + (1 << (shift - 1))) >> shift;
}
