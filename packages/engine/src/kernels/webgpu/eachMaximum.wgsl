// Runs `term` over the span of every element of an output and keeps the largest, at least `least`: one
// workgroup for each word, which makes each row ready by `prepare`. Maxima combine in any order.

// Spans are up to thousands of elements long.
const LANES = 256u;

var<workgroup> largest: array<i32, 256>;

@compute @workgroup_size(256)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tensor = operation.outputs[0];
  let total = tensor.y * tensor.z;
  let perWord = elementsPerWord(tensor.w);
  let word = group.x + group.y * groups.x;
  if (word * perWord >= total) {
    return;
  }
  var packed = 0u;
  for (var index = word * perWord; index < min(total, (word + 1u) * perWord); index++) {
    let row = i32(index / tensor.z);
    let column = i32(index) - row * i32(tensor.z);
    prepare(row, lane);
    let range = span(row, column);
    var max = least();
    var i = range.x + i32(lane);
    // Four at a time, which wait for memory together.
    for (; i + i32(3u * LANES) < range.y; i += i32(4u * LANES)) {
      for (var part = 0u; part < 4u; part++) {
        max = maximum(max, term(row, column, i + i32(part * LANES)));
      }
    }
    for (; i < range.y; i += i32(LANES)) {
      max = maximum(max, term(row, column, i));
    }
    largest[lane] = max;
    for (var width = LANES >> 1u; width > 0u; width >>= 1u) {
      workgroupBarrier();
      if (lane < width) {
        largest[lane] = maximum(largest[lane], largest[lane + width]);
      }
    }
    workgroupBarrier();
    packed |= placed(largest[0], index, tensor.w);
    workgroupBarrier();
  }
  if (lane == 0u) {
    arena[tensor.x + word] = packed;
  }
}

fn maximum(a: i32, b: i32) -> i32 {
  return select(a, b, b > a);
}

fn unprepared(row: i32, lane: u32) {
}
