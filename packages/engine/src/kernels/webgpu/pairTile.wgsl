// The pairs of a tile: rows of one head by columns. It follows tile.wgsl and byQuery.wgsl or byKey.wgsl.

// Products of the tile's rows with those of its columns, in two slots.
fn productsOf(
  lane: u32,
  rowsOfTile: vec2<i32>,
  columnsOfTile: vec2<i32>,
  leftSlot: u32,
  rightSlot: u32,
) -> Sums {
  var sums: Sums;
  let depth = columns(leftSlot);
  for (var k = 0; k < depth; k += i32(16u * STAGE)) {
    let row = rowsOfTile.x + leftRow(lane);
    var vector = vec4<u32>(0u);
    if (row < rowsOfTile.y) {
      vector = vectorAt(leftSlot, leftRowOf(row), k + 16 * leftVector(lane), depth);
    }
    stageLeft(lane, vector);
    for (var i = lane; i < TILE_COLUMNS * STAGE; i += LANES) {
      let column = columnsOfTile.x + rightColumn(i);
      vector = vec4<u32>(0u);
      if (column < columnsOfTile.y) {
        vector = vectorAt(rightSlot, rightRowOf(rowsOfTile.x, column), k + 16 * rightPart(i), depth);
      }
      right[i] = vector;
    }
    workgroupBarrier();
    addProducts(lane, &sums);
    workgroupBarrier();
  }
  return sums;
}

// `pairTerm` of every pair that is seen, `unseen` elsewhere.
fn termsOf(lane: u32, rowsOfTile: vec2<i32>, columnsOfTile: vec2<i32>, unseen: i32) -> Sums {
  let products = productsOf(lane, rowsOfTile, columnsOfTile, LEFT, RIGHT);
  var gradients: Sums;
  if (hasGradient()) {
    gradients = productsOf(lane, rowsOfTile, columnsOfTile, LEFT_GRADIENT, RIGHT_GRADIENT);
  }
  var terms: Sums;
  for (var r = 0u; r < 4u; r++) {
    let row = rowsOfTile.x + ownRow(lane, r);
    let span = spanOfTile(row, row);
    for (var c = 0u; c < 4u; c++) {
      let column = columnsOfTile.x + ownColumn(lane, c);
      terms[r][c] = unseen;
      if (row < rowsOfTile.y && column < columnsOfTile.y && column >= span.x && column < span.y) {
        terms[r][c] = pairTerm(pairOf(row, column, products[r][c], gradients[r][c]));
      }
    }
  }
  return terms;
}

// Rows of a workgroup, of one head.
fn rowsOf(group: vec3<u32>) -> vec2<i32> {
  let length = param(2);
  let first = i32(group.z) * length + i32(group.y * TILE_ROWS);
  return vec2<i32>(first, min(first + i32(TILE_ROWS), (i32(group.z) + 1) * length));
}
