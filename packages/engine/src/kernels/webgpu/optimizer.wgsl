// The optimizers of a factor, in place on its state (spec/arithmetic.md section 12): one invocation for each
// weight, which reads everything of that weight before it writes. Slots: acc 0, magnitude 1, step 2,
// weight 3, m 4, v 5.

fn meanGradient(row: i32, column: i32) -> i32 {
  var sum = Wide(0u, 0u);
  for (var i = row; i < rows(0u); i += rows(3u)) {
    sum = add(sum, wide(at(0u, i, column)));
  }
  let shift = exponentOf(at(1u, 0, 0), 13) - 30 + param(1);
  if (param(0) == 1) {
    return sat30(rshWide(multiplyWide(sum, 33026), shift + 34));
  }
  return sat30(rshWide(sum, shift));
}

fn decayed(w: i32) -> Wide {
  return subtract(wide(w), rshWide(multiply(w, stepWord(2u, 3)), 30));
}

fn writeWord(output: u32, index: u32, value: u32) {
  arena[operation.outputs[output].x + index] = value;
}

fn adam(row: i32, column: i32, index: u32) {
  let w = at(3u, row, column);
  let g = meanGradient(row, column);
  let oldMean = at(4u, row, column);
  let step = rshWide(multiplyWide(subtract(wide(g), wide(oldMean)), 6554), 16);
  let mean = oldMean + i32(step.x);
  let oldSquare = atWide(5u, row, column);
  let square = add(oldSquare, rshWide(subtract(multiply(g, g), oldSquare), 6));
  let bias1 = wide(max(1, stepWord(2u, 4)));
  let bias2 = max(1u, isqrt(u32(stepWord(2u, 5))));
  let corrected = divTrunc(shiftLeft(wide(mean), 20u), bias1);
  let root = shiftLeft(Wide(isqrtWide(square), 0u), 10u);
  let denominator = add(divideUnsigned(root, Wide(bias2, 0u)), Wide(11u, 0u));
  let change = divTrunc(multiplyWide(corrected, stepWord(2u, 2)), denominator);
  writeWord(0u, index, u32(sat30(subtract(decayed(w), change))));
  writeWord(1u, index, u32(mean));
  writeWord(2u, 2u * index, square.x);
  writeWord(2u, 2u * index + 1u, square.y);
}

fn lion(row: i32, column: i32, index: u32) {
  let w = at(3u, row, column);
  let g = meanGradient(row, column);
  let m = at(4u, row, column);
  let vote = add(multiply(m, 9), wide(g));
  var change = wide(stepWord(2u, 2));
  if (isNegative(vote)) {
    change = negate(change);
  }
  if (isZero(vote)) {
    change = Wide(0u, 0u);
  }
  writeWord(0u, index, u32(sat30(subtract(decayed(w), change))));
  writeWord(1u, index, u32(m + i32(rshWide(subtract(wide(g), wide(m)), 6).x)));
}

@compute @workgroup_size(64)
fn run(
  @builtin(global_invocation_id) id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
) {
  let tensor = operation.outputs[0];
  let index = id.x + id.y * groups.x * WORKGROUP;
  if (index >= tensor.y * tensor.z) {
    return;
  }
  let row = index / tensor.z;
  update(i32(row), i32(index - row * tensor.z), index);
}
