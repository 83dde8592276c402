// Partial gradients of a factor, acc[c * rank + j, n] = sum over chunk c of tokens of q[t, j] * x[t, n]: slots q 0,
// x 1. A workgroup makes four rows by sixteen columns; sixteen groups of lanes share the tokens.

const TOKEN_LANES = 16u;

// Sums of lane group, row, column.
var<workgroup> sums: array<i32, 1024>;

@compute @workgroup_size(64)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let rank = columns(0u);
  let first = i32(group.x * 16u + 4u * (lane & 3u));
  let j = i32(group.y * 4u);
  let chunk = i32(group.z);
  let share = lane >> 2u;
  var own: array<vec4<i32>, 4>;
  let end = min(rows(0u), (chunk + 1) * param(0));
  for (var t = chunk * param(0) + i32(share); t < end; t += i32(TOKEN_LANES)) {
    var word = 0u;
    if (first < columns(1u)) {
      word = bytesAt(1u, t, first, columns(1u));
    }
    let x = (vec4<i32>(i32(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
    for (var k = 0; k < 4; k++) {
      if (j + k < rank) {
        own[k] += at(0u, t, j + k) * x;
      }
    }
  }
  for (var k = 0u; k < 4u; k++) {
    for (var d = 0u; d < 4u; d++) {
      sums[share * 64u + k * 16u + 4u * (lane & 3u) + d] = own[k][d];
    }
  }
  workgroupBarrier();
  let row = j + i32(lane >> 4u);
  let column = group.x * 16u + (lane & 15u);
  var sum = 0;
  for (var s = 0u; s < TOKEN_LANES; s++) {
    sum += sums[s * 64u + lane];
  }
  let tensor = operation.outputs[0];
  if (row < rank && column < tensor.z) {
    arena[tensor.x + u32(chunk * rank + row) * tensor.z + column] = u32(sum);
  }
}
