// Runs `term` over the span of every element of an i32 or i64 output and adds: one workgroup for each
// element, which makes its row ready by `prepare`. Integer sums combine in any order.

// Spans are up to thousands of elements long.
const LANES = 256u;

var<workgroup> sums: array<vec2<u32>, 256>;

@compute @workgroup_size(256)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tensor = operation.outputs[0];
  let index = group.x + group.y * groups.x;
  if (index >= tensor.y * tensor.z) {
    return;
  }
  let row = i32(index / tensor.z);
  let column = i32(index) - row * i32(tensor.z);
  prepare(row, lane);
  let range = span(row, column);
  var sum = Wide(0u, 0u);
  for (var i = range.x + i32(lane); i < range.y; i += i32(LANES)) {
    sum = add(sum, term(row, column, i));
  }
  sums[lane] = sum;
  for (var width = LANES >> 1u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) {
      sums[lane] = add(sums[lane], sums[lane + width]);
    }
  }
  if (lane != 0u) {
    return;
  }
  if (tensor.w == I64) {
    arena[tensor.x + 2u * index] = sums[0].x;
    arena[tensor.x + 2u * index + 1u] = sums[0].y;
  } else {
    arena[tensor.x + index] = sums[0].x;
  }
}

fn unprepared(row: i32, lane: u32) {
}
