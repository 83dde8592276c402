// Products of int8 rows with the rows of a matrix: 16 rows by 64 columns of the result a workgroup. The
// left rows are staged in workgroup memory; each invocation owns one column. `finish` makes an output
// of a sum, `RIGHT` is the slot of the matrix.

const TILE_ROWS = 16u;
const TILE_COLUMNS = 64u;
// Words of each left row that are staged at once: 64 elements.
const STAGE = 16u;

var<workgroup> left: array<u32, 256>;

// Four elements of row n of the matrix from `column` on, as int8.
fn rightWords(n: i32, column: i32, end: i32) -> vec4<u32> {
  let tensor = operation.slots[RIGHT];
  if (n >= i32(tensor.y) || column >= end) {
    return vec4<u32>(0u);
  }
  if (tensor.w != TERNARY) {
    return vec4<u32>(
      bytesAt(RIGHT, n, column, end),
      bytesAt(RIGHT, n, column + 4, end),
      bytesAt(RIGHT, n, column + 8, end),
      bytesAt(RIGHT, n, column + 12, end),
    );
  }
  let block = (u32(n) >> 4u) * (tensor.z >> 4u) + (u32(column) >> 4u);
  let word = arena[tensor.x + block * 16u + (u32(n) & 15u)];
  let codes = (vec4<u32>(word) >> vec4<u32>(0u, 2u, 4u, 6u)) & vec4<u32>(0x03030303u);
  // Each byte is 0, 1 or 2; one less, without a borrow between bytes.
  return ((codes | vec4<u32>(0x80808080u)) - vec4<u32>(0x01010101u)) ^ vec4<u32>(0x80808080u);
}

@compute @workgroup_size(64)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let depth = columns(0u);
  let first = i32(group.y * TILE_ROWS);
  let n = i32(group.x * TILE_COLUMNS + lane);
  let begin = chunkBegin(i32(group.z));
  let end = chunkEnd(i32(group.z), depth);
  var sums: array<i32, 16>;
  for (var k = begin; k < end; k += i32(4u * STAGE)) {
    for (var word = lane; word < TILE_ROWS * STAGE; word += WORKGROUP) {
      let row = first + i32(word / STAGE);
      let column = k + i32(4u * (word % STAGE));
      var value = 0u;
      if (row < rows(0u) && column < end) {
        value = bytesAt(0u, row, column, end);
      }
      left[word] = value;
    }
    workgroupBarrier();
    for (var part = 0u; part < STAGE; part += 4u) {
      let right = rightWords(n, k + i32(4u * part), end);
      for (var row = 0u; row < TILE_ROWS; row++) {
        let word = row * STAGE + part;
        sums[row] += dot4(left[word], right.x) + dot4(left[word + 1u], right.y)
          + dot4(left[word + 2u], right.z) + dot4(left[word + 3u], right.w);
      }
    }
    workgroupBarrier();
  }
  if (n >= rows(RIGHT)) {
    return;
  }
  let tensor = operation.outputs[0];
  let column = outputColumn(n, i32(group.z), depth);
  for (var row = 0; row < i32(TILE_ROWS); row++) {
    if (first + row < rows(0u)) {
      let place = u32(first + row) * tensor.z + u32(column);
      arena[tensor.x + place] = u32(finish(first + row, n, sums[row]));
    }
  }
}
