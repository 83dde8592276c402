// Where a kernel finds its operands: one arena for every tensor, and a record of the operation.
// Tensors lie in storage form (spec/step-program.md section 2), each from a whole word on.

struct Operation {
  // Inputs by slot, required then optional: first word, rows, columns, element type.
  slots: array<vec4<u32>, 16>,
  // Outputs in the same form; a kernel for one output finds it in place 0.
  outputs: array<vec4<u32>, 4>,
  // Parameters in the order of the kind.
  params: array<vec4<i32>, 2>,
}

@group(0) @binding(0) var<storage, read_write> arena: array<u32>;
@group(0) @binding(1) var<uniform> operation: Operation;

const TERNARY = 0u;
const I8 = 1u;
const I16 = 2u;
const I32 = 3u;
const I64 = 4u;
const ABSENT = 5u;

// The tables of spec/arithmetic.md section 3 begin the arena.
const EXP2_AT = 0u;
const LOG2_AT = 257u;

const WORKGROUP = 64u;

fn param(index: u32) -> i32 {
  return operation.params[index >> 2u][index & 3u];
}

fn rows(slot: u32) -> i32 {
  return i32(operation.slots[slot].y);
}

fn columns(slot: u32) -> i32 {
  return i32(operation.slots[slot].z);
}

fn isPresent(slot: u32) -> bool {
  return operation.slots[slot].w != ABSENT;
}

// Element of an input of 8, 16 or 32 bits, without a branch.
fn at(slot: u32, row: i32, column: i32) -> i32 {
  let tensor = operation.slots[slot];
  let i = u32(row) * tensor.z + u32(column);
  let fold = I32 - tensor.w;
  let bits = 4u << tensor.w;
  let place = i & ((1u << fold) - 1u);
  return extractBits(i32(arena[tensor.x + (i >> fold)]), place * bits, bits);
}

// Element of an input of any type.
fn atWide(slot: u32, row: i32, column: i32) -> Wide {
  let tensor = operation.slots[slot];
  var value = Wide(0u, 0u);
  if (tensor.w == I64) {
    let word = tensor.x + 2u * (u32(row) * tensor.z + u32(column));
    value = Wide(arena[word], arena[word + 1u]);
  } else {
    value = wide(at(slot, row, column));
  }
  return value;
}

// Word of the constants of a step (spec/arithmetic.md section 12); they are the input `slot`.
fn stepWord(slot: u32, index: i32) -> i32 {
  return at(slot, 0, index);
}

// Four int8 elements of a row from `column` on, zeros beyond `end`.
fn bytesAt(slot: u32, row: i32, column: i32, end: i32) -> u32 {
  let tensor = operation.slots[slot];
  let i = u32(row) * tensor.z + u32(column);
  var word = 0u;
  if ((i & 3u) == 0u && column + 4 <= end) {
    word = arena[tensor.x + (i >> 2u)];
  } else {
    for (var k = column; k < min(end, column + 4); k++) {
      word |= (u32(at(slot, row, k)) & 255u) << (8u * u32(k - column));
    }
  }
  return word;
}

// sum over k of a[i, k] * b[j, k] for int8 rows.
fn dotRows(a: u32, i: i32, b: u32, j: i32, size: i32) -> i32 {
  var sum = 0;
  if ((size & 3) == 0) {
    let words = u32(size) >> 2u;
    let left = operation.slots[a].x + u32(i) * words;
    let right = operation.slots[b].x + u32(j) * words;
    for (var k = 0u; k < words; k++) {
      sum += dot4(arena[left + k], arena[right + k]);
    }
  } else {
    for (var k = 0; k < size; k++) {
      sum += at(a, i, k) * at(b, j, k);
    }
  }
  return sum;
}

// Elements that one word of an output of 8, 16 or 32 bits holds.
fn elementsPerWord(dtype: u32) -> u32 {
  return 1u << (I32 - dtype);
}

// A value in the place of element `index` of its word.
fn placed(value: i32, index: u32, dtype: u32) -> u32 {
  let bits = 4u << dtype;
  let place = index & (elementsPerWord(dtype) - 1u);
  return (u32(value) & (0xffffffffu >> (32u - bits))) << (place * bits);
}
