// A ternary weight in its other order: one invocation for each word of 16 elements of a row.

@compute @workgroup_size(64)
fn run(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let tensor = operation.outputs[0];
  let word = id.x + id.y * groups.x * WORKGROUP;
  if (word >= tensor.y * (tensor.z >> 4u)) {
    return;
  }
  let block = word >> 4u;
  let wide = tensor.z >> 4u;
  let row = (block / wide) * 16u + (word & 15u);
  let first = (block % wide) * 16u;
  var packed = 0u;
  for (var k = 0u; k < 16u; k++) {
    let code = u32(at(0u, i32(first + k), i32(row)) + 1);
    packed |= code << (8u * (k & 3u) + 2u * (k >> 2u));
  }
  arena[tensor.x + word] = packed;
}
