// A ternary weight in its other order: one invocation for each word of 16 elements of a row.

// The code of an element: its value and one.
fn codeAt(row: u32, column: u32) -> u32 {
  let tensor = operation.slots[0];
  let block = (row >> 4u) * (tensor.z >> 4u) + (column >> 4u);
  let bit = 8u * (column & 3u) + 2u * ((column >> 2u) & 3u);
  return (arena[tensor.x + block * 16u + (row & 15u)] >> bit) & 3u;
}

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
    packed |= codeAt(first + k, row) << (8u * (k & 3u) + 2u * (k >> 2u));
  }
  arena[tensor.x + word] = packed;
}
