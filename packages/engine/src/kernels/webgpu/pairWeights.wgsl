// A weight for every pair, zero where none is seen: a tile a workgroup. It follows pairTile.wgsl.

@compute @workgroup_size(128)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tensor = operation.outputs[0];
  let tileRows = rowsOf(group);
  let first = i32(group.x * TILE_COLUMNS);
  let span = spanOfTile(tileRows.x, tileRows.y - 1);
  var terms: Sums;
  if (first < span.y && first + i32(TILE_COLUMNS) > span.x) {
    terms = termsOf(lane, tileRows, vec2<i32>(first, i32(tensor.z)), 0);
  }
  let perWord = elementsPerWord(tensor.w);
  let column = u32(first + ownColumn(lane, 0u));
  for (var r = 0u; r < 4u; r++) {
    let row = tileRows.x + ownRow(lane, r);
    if (row < tileRows.y && column < tensor.z) {
      // Four columns are whole words.
      let index = u32(row) * tensor.z + column;
      var word = tensor.x + index / perWord;
      for (var c = 0u; c < 4u; c += perWord) {
        var packed = 0u;
        for (var i = c; i < c + perWord; i++) {
          packed |= placed(terms[r][i], index + i, tensor.w);
        }
        arena[word] = packed;
        word++;
      }
    }
  }
}
