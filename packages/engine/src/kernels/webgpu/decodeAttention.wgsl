// The context of new positions over a cache and the new keys, one workgroup for each query row. Slots: q8 0,
// qe 1, k8 2, ke 3, v 4, ve 5, then the cached k8, ke, v, ve at 6 to 9, position 10. Parameters: heads,
// group, length, capacity, scale. It follows attention.wgsl for `normaliser` and `contextOf`,
// and reduce.wgsl.

// Head sizes up to 64 * PARTS have room.
const PARTS = 8u;

var<workgroup> pastCount: i32;

// Where key j of a head stands: the slots of the cache or of the new rows, and the row.
struct Key {
  slots: u32,
  row: i32,
}

fn keyAt(head: i32, past: i32, j: i32) -> Key {
  if (j < past) {
    return Key(6u, head * param(3) + j);
  }
  return Key(2u, head * param(2) + j - past);
}

fn decodeScore(query: i32, key: Key) -> i32 {
  let product = dotRows(0u, query, key.slots, key.row, columns(0u)) * param(4);
  let shift = at(1u, query, 0) + at(key.slots + 1u, key.row, 0) - 4;
  return rshClamped(product, max(shift, -24), SAT30);
}

@compute @workgroup_size(64)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let query = i32(group.x);
  let block = query / param(2);
  let sequence = block / param(0);
  let head = block - sequence * param(0);
  let position = query - block * param(2);
  let keyHead = block / param(1);
  if (lane == 0u) {
    pastCount = at(10u, sequence, 0);
  }
  let past = workgroupUniformLoad(&pastCount);
  let count = past + position + 1;
  var max30 = -SAT30;
  var least = ZERO_EXPONENT;
  for (var j = i32(lane); j < count; j += i32(WORKGROUP)) {
    let key = keyAt(keyHead, past, j);
    max30 = max(max30, decodeScore(query, key));
    least = min(least, at(key.slots + 3u, key.row, 0));
  }
  let largest = largestOf(lane, max30);
  let align = 30 + largestOf(lane, -least);
  var part = 0;
  for (var j = i32(lane); j < count; j += i32(WORKGROUP)) {
    part += exp2n(u32(largest) - u32(decodeScore(query, keyAt(keyHead, past, j)))) >> 12u;
  }
  let z = normaliser(sumOf(lane, part));
  let size = columns(4u);
  var low: array<i32, 8>;
  var high: array<i32, 8>;
  for (var first = 0; first < count; first += i32(WORKGROUP)) {
    let own = first + i32(lane);
    var weight = 0;
    if (own < count) {
      let key = keyAt(keyHead, past, own);
      let e = exp2n(u32(largest) - u32(decodeScore(query, key)));
      weight = rshClamped(e, align + at(key.slots + 3u, key.row, 0) - 14, 16383);
    }
    partial[lane] = weight;
    workgroupBarrier();
    for (var j = first; j < min(count, first + i32(WORKGROUP)); j++) {
      let key = keyAt(keyHead, past, j);
      let w = partial[j - first];
      for (var p = 0u; p < PARTS; p++) {
        let d = i32(p * WORKGROUP + lane);
        if (d < size) {
          let v = at(key.slots + 2u, key.row, d);
          low[p] += (w & 127) * v;
          high[p] += (w >> 7u) * v;
        }
      }
    }
    workgroupBarrier();
  }
  let tensor = operation.outputs[0];
  for (var p = 0u; p < PARTS; p++) {
    let d = i32(p * WORKGROUP + lane);
    if (d < size) {
      let value = contextOf(low[p], high[p], z, align);
      let row = u32(sequence * param(2) + position);
      arena[tensor.x + row * tensor.z + u32(head * size + d)] = u32(value);
    }
  }
}
