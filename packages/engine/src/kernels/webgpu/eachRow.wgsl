// Runs `element` for every element of an output, and `other` for those of a second one, whose rows share work: one
// workgroup for each row, which makes it ready by `prepare`. Where a row does not end with a word, a workgroup
// takes as many rows as do, at most 4, so that no two write one word; row r finds what it shares in place r & 3.

@compute @workgroup_size(64)
fn run(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let height = max(heightOf(0u), heightOf(1u));
  let first = (group.x + group.y * groups.x) * height;
  let end = min(operation.outputs[0].y, first + height);
  for (var row = first; row < end; row++) {
    prepare(i32(row), lane);
  }
  workgroupBarrier();
  for (var output = 0u; output < 2u; output++) {
    let tensor = operation.outputs[output];
    if (tensor.y == 0u) {
      continue;
    }
    let perWord = elementsPerWord(tensor.w);
    let last = end * tensor.z;
    for (var word = first * tensor.z / perWord + lane; word * perWord < last; word += WORKGROUP) {
      var packed = 0u;
      for (var index = word * perWord; index < min(last, (word + 1u) * perWord); index++) {
        let row = i32(index / tensor.z);
        let column = i32(index) - row * i32(tensor.z);
        var value = 0;
        if (output == 0u) {
          value = element(row, column);
        } else {
          value = other(row, column);
        }
        packed |= placed(value, index, tensor.w);
      }
      arena[tensor.x + word] = packed;
    }
  }
}

// Rows of an output that end with a word.
fn heightOf(output: u32) -> u32 {
  let tensor = operation.outputs[output];
  var height = 1u;
  while (tensor.y > 0u && (height * tensor.z) % elementsPerWord(tensor.w) != 0u) {
    height <<= 1u;
  }
  return height;
}

// For a kernel of one output.
fn none(row: i32, column: i32) -> i32 {
  return 0;
}
