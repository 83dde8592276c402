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

// Element of an input of at most 32 bits.
fn at(slot: u32, row: i32, column: i32) -> i32 {
  let tensor = operation.slots[slot];
  let i = u32(row) * tensor.z + u32(column);
  switch tensor.w {
    case TERNARY: {
      let block = (u32(row) >> 4u) * (tensor.z >> 4u) + (u32(column) >> 4u);
      let word = arena[tensor.x + block * 16u + (u32(row) & 15u)];
      let bit = 8u * (u32(column) & 3u) + 2u * ((u32(column) >> 2u) & 3u);
      return i32((word >> bit) & 3u) - 1;
    }
    case I8: {
      return extractBits(i32(arena[tensor.x + (i >> 2u)]), (i & 3u) * 8u, 8u);
    }
    case I16: {
      return extractBits(i32(arena[tensor.x + (i >> 1u)]), (i & 1u) * 16u, 16u);
    }
    default: {
      return i32(arena[tensor.x + i]);
    }
  }
}

// Element of an input of any type.
fn atWide(slot: u32, row: i32, column: i32) -> Wide {
  let tensor = operation.slots[slot];
  if (tensor.w != I64) {
    return wide(at(slot, row, column));
  }
  let word = tensor.x + 2u * (u32(row) * tensor.z + u32(column));
  return Wide(arena[word], arena[word + 1u]);
}

// Word of the constants of a step (spec/arithmetic.md section 12); they are the input `slot`.
fn stepWord(slot: u32, index: i32) -> i32 {
  return at(slot, 0, index);
}

// Four int8 elements of a row from `column` on, zeros beyond `end`.
fn bytesAt(slot: u32, row: i32, column: i32, end: i32) -> u32 {
  let tensor = operation.slots[slot];
  let i = u32(row) * tensor.z + u32(column);
  if ((i & 3u) == 0u && column + 4 <= end) {
    return arena[tensor.x + (i >> 2u)];
  }
  var word = 0u;
  for (var k = 0; k < 4; k++) {
    if (column + k < end) {
      word |= (u32(at(slot, row, column + k)) & 255u) << (8u * u32(k));
    }
  }
  return word;
}

// sum over k of a[i, k] * b[j, k] for int8 rows.
fn dotRows(a: u32, i: i32, b: u32, j: i32, size: i32) -> i32 {
  var sum = 0;
  for (var k = 0; k < size; k += 4) {
    sum += dot4(bytesAt(a, i, k, size), bytesAt(b, j, k, size));
  }
  return sum;
}

// Elements that one word of an output holds; an i64 is two words and counts as one.
fn elementsPerWord(dtype: u32) -> u32 {
  return select(select(1u, 2u, dtype == I16), 4u, dtype == I8);
}

// A value in the place of element `index` of its word.
fn placed(value: i32, index: u32, dtype: u32) -> u32 {
  if (dtype == I8) {
    return (u32(value) & 255u) << (8u * (index & 3u));
  }
  if (dtype == I16) {
    return (u32(value) & 65535u) << (16u * (index & 1u));
  }
  return u32(value);
}
