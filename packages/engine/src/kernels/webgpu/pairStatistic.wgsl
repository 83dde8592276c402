// A statistic of every chunk of the pairs of a row: `combine` joins what `pairTerm` gives, from `least` on. A
// workgroup takes 32 rows and all of their chunks. It follows pairTile.wgsl.

// Chunks of a row for which there is room.
const CHUNKS_MAX = 16u;

var<workgroup> shares: array<i32, 512>;
var<workgroup> results: array<i32, 512>;

@compute @workgroup_size(128)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tensor = operation.outputs[0];
  let tileRows = rowsOf(group);
  let span = spanOfTile(tileRows.x, tileRows.y - 1);
  for (var chunk = 0u; chunk < tensor.z; chunk++) {
    let begin = i32(chunk) * chunkSize();
    let end = min(begin + chunkSize(), span.y);
    var own = vec4<i32>(least());
    for (var first = begin; first < end; first += i32(TILE_COLUMNS)) {
      if (first + i32(TILE_COLUMNS) > span.x) {
        let terms = termsOf(lane, tileRows, vec2<i32>(first, end), least());
        for (var r = 0u; r < 4u; r++) {
          let two = combine(combine(terms[r].x, terms[r].y), combine(terms[r].z, terms[r].w));
          own[r] = combine(own[r], two);
        }
      }
    }
    // Sixteen invocations share a row.
    for (var r = 0u; r < 4u; r++) {
      shares[16u * u32(ownRow(lane, r)) + (lane & 15u)] = own[r];
    }
    workgroupBarrier();
    if (lane < TILE_ROWS) {
      var value = least();
      for (var i = 0u; i < 16u; i++) {
        value = combine(value, shares[16u * lane + i]);
      }
      results[lane * tensor.z + chunk] = value;
    }
    workgroupBarrier();
  }
  let perWord = elementsPerWord(tensor.w);
  let total = u32(tileRows.y - tileRows.x) * tensor.z;
  let start = u32(tileRows.x) * tensor.z;
  for (var i = lane * perWord; i < total; i += LANES * perWord) {
    var packed = 0u;
    for (var part = 0u; part < perWord; part++) {
      packed |= placed(results[i + part], start + i + part, tensor.w);
    }
    arena[tensor.x + (start + i) / perWord] = packed;
  }
}

fn larger(a: i32, b: i32) -> i32 {
  return max(a, b);
}

fn total(a: i32, b: i32) -> i32 {
  return a + b;
}
