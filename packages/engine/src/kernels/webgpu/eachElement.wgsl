// Runs `element` for every element of an output: one invocation for each word, so that no two write one.

@compute @workgroup_size(64)
fn run(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let tensor = operation.outputs[0];
  let total = tensor.y * tensor.z;
  let perWord = elementsPerWord(tensor.w);
  let word = id.x + id.y * groups.x * WORKGROUP;
  if (word * perWord >= total) {
    return;
  }
  var packed = 0u;
  for (var index = word * perWord; index < min(total, (word + 1u) * perWord); index++) {
    let row = index / tensor.z;
    packed |= placed(element(i32(row), i32(index - row * tensor.z)), index, tensor.w);
  }
  arena[tensor.x + word] = packed;
}
