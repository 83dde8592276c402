// Products of int8 rows with the rows of a matrix, a tile a workgroup. It follows tile.wgsl. `RIGHT` is the slot of
// the matrix; `rowOf` finds what the outputs of a row share, and `finish` makes an output of a sum and of the adapter's.

// Sixteen elements of row n of the matrix from `column` on, as int8.
fn rightVector(n: i32, column: i32, end: i32) -> vec4<u32> {
  let tensor = operation.slots[RIGHT];
  if (n >= i32(tensor.y) || column >= end) {
    return vec4<u32>(0u);
  }
  if (tensor.w != TERNARY) {
    return vectorAt(RIGHT, n, column, end);
  }
  let block = (u32(n) >> 4u) * (tensor.z >> 4u) + (u32(column) >> 4u);
  let word = arena[tensor.x + block * 16u + (u32(n) & 15u)];
  let codes = (vec4<u32>(word) >> vec4<u32>(0u, 2u, 4u, 6u)) & vec4<u32>(0x03030303u);
  // Each byte is 0, 1 or 2; one less, without a borrow between bytes.
  return ((codes | vec4<u32>(0x80808080u)) - vec4<u32>(0x01010101u)) ^ vec4<u32>(0x80808080u);
}

@compute @workgroup_size(128)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let firstRow = i32(group.y * TILE_ROWS);
  let firstColumn = i32(group.x * TILE_COLUMNS);
  let depth = columns(0u);
  let end = chunkEnd(i32(group.z), depth);
  var sums: Sums;
  for (var k = chunkBegin(i32(group.z)); k < end; k += i32(16u * STAGE)) {
    let row = firstRow + leftRow(lane);
    let column = k + 16 * leftVector(lane);
    var vector = vec4<u32>(0u);
    if (row < rows(0u) && column < end) {
      vector = vectorAt(0u, row, column, end);
    }
    stageLeft(lane, vector);
    for (var i = lane; i < TILE_COLUMNS * STAGE; i += LANES) {
      right[i] = rightVector(firstColumn + rightColumn(i), k + 16 * rightPart(i), end);
    }
    workgroupBarrier();
    addProducts(lane, &sums);
    workgroupBarrier();
  }
  var adapted: Sums;
  if (isPresent(ADAPTER)) {
    adapted = adapterSums(lane, firstRow, firstColumn);
  }
  // Copies, for what an index reaches is kept in memory.
  let all = sums;
  let allAdapted = adapted;
  let tensor = operation.outputs[0];
  for (var r = 0u; r < 4u; r++) {
    let row = firstRow + ownRow(lane, r);
    if (row < rows(0u)) {
      let own = rowOf(row);
      for (var c = 0u; c < 4u; c++) {
        let n = firstColumn + ownColumn(lane, c);
        if (n < rows(RIGHT)) {
          let place = u32(row) * tensor.z + u32(outputColumn(n, i32(group.z), depth));
          arena[tensor.x + place] = u32(finish(own, row, n, all[r][c], allAdapted[r][c]));
        }
      }
    }
  }
}

// sum over j of u[row, j] * factor[j, n]: u is the slot `ADAPTER`, the factors stand two behind it.
fn adapterSums(lane: u32, firstRow: i32, firstColumn: i32) -> Sums {
  var sums: Sums;
  let rank = columns(ADAPTER);
  // A set of factors is shared by all rows, or in decoding by those of a sequence.
  let length = rows(0u) / rows(ADAPTER + 3u);
  if (length < rows(0u)) {
    for (var r = 0u; r < 4u; r++) {
      let row = firstRow + ownRow(lane, r);
      for (var c = 0u; c < 4u; c++) {
        let n = firstColumn + ownColumn(lane, c);
        if (row < rows(0u) && n < rows(RIGHT)) {
          for (var j = 0; j < rank; j++) {
            sums[r][c] += at(ADAPTER, row, j) * at(ADAPTER + 2u, (row / length) * rank + j, n);
          }
        }
      }
    }
    return sums;
  }
  for (var first = 0; first < rank; first += i32(4u * STAGE)) {
    stageLeft(lane, fourAcross(firstRow + leftRow(lane), first + 4 * leftVector(lane)));
    for (var i = lane; i < TILE_COLUMNS * STAGE; i += LANES) {
      right[i] = fourDown(first + 4 * rightPart(i), firstColumn + rightColumn(i));
    }
    workgroupBarrier();
    addWhole(lane, &sums);
    workgroupBarrier();
  }
  return sums;
}

// Elements j to j + 3 of a row between the factors, zeros beyond its end.
fn fourAcross(row: i32, j: i32) -> vec4<u32> {
  var four = vec4<u32>(0u);
  for (var i = 0; i < 4; i++) {
    if (row < rows(ADAPTER) && j + i < columns(ADAPTER)) {
      four[i] = u32(at(ADAPTER, row, j + i));
    }
  }
  return four;
}

// Elements n of rows j to j + 3 of a factor, zeros beyond its end.
fn fourDown(j: i32, n: i32) -> vec4<u32> {
  var four = vec4<u32>(0u);
  for (var i = 0; i < 4; i++) {
    if (j + i < columns(ADAPTER) && n < columns(ADAPTER + 2u)) {
      four[i] = u32(at(ADAPTER + 2u, j + i, n));
    }
  }
  return four;
}
