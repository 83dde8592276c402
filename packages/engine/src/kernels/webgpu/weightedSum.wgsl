// Sums of the rows of a head by weights, out[row, d] = sum over j of weight[row, j] * x[source + j, d]: a tile a
// workgroup, of rows of one head. Slots: weights 0, x 1. It follows tile.wgsl and attention.wgsl. The weights are
// summed as two limbs of which the lower has seven bits, since 14 bits do not fit a sum of 32.

@compute @workgroup_size(128)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let length = param(2);
  let size = columns(1u);
  let firstColumn = i32(group.x * TILE_COLUMNS);
  let firstRow = i32(group.z) * length + i32(group.y * TILE_ROWS);
  let endRow = min(firstRow + i32(TILE_ROWS), (i32(group.z) + 1) * length);
  let range = spanOfTile(firstRow, endRow - 1);
  let origin = source(firstRow);
  var low: Sums;
  var high: Sums;
  for (var j = range.x; j < range.y; j += i32(4u * STAGE)) {
    let row = firstRow + leftRow(lane);
    let column = j + 4 * leftVector(lane);
    var weights = vec4<i32>(0);
    for (var i = 0; i < 4; i++) {
      if (row < endRow && column + i < range.y) {
        weights[i] = at(0u, row, column + i);
      }
    }
    stageLeft(lane, vec4<u32>(weights & vec4<i32>(127)));
    for (var i = lane; i < TILE_COLUMNS * STAGE; i += LANES) {
      right[i] = fourOf(origin + j + 4 * rightPart(i), firstColumn + rightColumn(i), origin + range.y);
    }
    workgroupBarrier();
    addWhole(lane, &low);
    workgroupBarrier();
    stageLeft(lane, vec4<u32>(weights >> vec4<u32>(7u)));
    workgroupBarrier();
    addWhole(lane, &high);
    workgroupBarrier();
  }
  // Copies, for what an index reaches is kept in memory.
  let lows = low;
  let highs = high;
  // The heads of a token lie side by side where the output has more columns than a head.
  let tensor = operation.outputs[0];
  let heads = i32(tensor.z) / size;
  let sequence = i32(group.z) / heads;
  let head = i32(group.z) - sequence * heads;
  for (var r = 0u; r < 4u; r++) {
    let row = firstRow + ownRow(lane, r);
    let token = sequence * length + row - i32(group.z) * length;
    for (var c = 0u; c < 4u; c++) {
      let d = firstColumn + ownColumn(lane, c);
      if (row < endRow && d < size) {
        let place = u32(token) * tensor.z + u32(head * size + d);
        arena[tensor.x + place] = u32(finish(row, lows[r][c], highs[r][c]));
      }
    }
  }
}

// Elements d of four rows of x from `row` on, zeros from `end`.
fn fourOf(row: i32, d: i32, end: i32) -> vec4<u32> {
  var four = vec4<u32>(0u);
  for (var i = 0; i < 4; i++) {
    if (row + i < end && d < columns(1u)) {
      four[i] = u32(at(1u, row + i, d));
    }
  }
  return four;
}
