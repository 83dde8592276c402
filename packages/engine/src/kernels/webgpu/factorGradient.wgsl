// Partial gradients of a factor, acc[c * rank + j, n] = sum over chunk c of tokens of q[t, j] * x[t, n]: slots q 0,
// x 1. A workgroup makes four rows by sixteen columns; 64 groups of lanes share the tokens.

const TOKEN_LANES = 64u;

// Sums of lane group, row, column.
var<workgroup> sums: array<i32, 4096>;

@compute @workgroup_size(256)
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
  // Sixteen of the shares of an element in each of four lanes, then these four.
  let element = lane & 63u;
  let quarter = lane >> 6u;
  workgroupBarrier();
  var sum = 0;
  for (var s = quarter; s < TOKEN_LANES; s += 4u) {
    sum += sums[s * 64u + element];
  }
  workgroupBarrier();
  sums[lane] = sum;
  workgroupBarrier();
  let row = j + i32(element >> 4u);
  let column = group.x * 16u + (element & 15u);
  let tensor = operation.outputs[0];
  if (quarter == 0u && row < rank && column < tensor.z) {
    let total = sums[lane] + sums[lane + 64u] + sums[lane + 128u] + sums[lane + 192u];
    arena[tensor.x + u32(chunk * rank + row) * tensor.z + column] = u32(total);
  }
}
