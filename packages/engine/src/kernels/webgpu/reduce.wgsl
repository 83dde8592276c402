// The largest value and the sum of the 64 lanes of a workgroup; every lane gets them.

var<workgroup> partial: array<i32, 64>;

fn largestOf(lane: u32, value: i32) -> i32 {
  partial[lane] = value;
  for (var width = WORKGROUP >> 1u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) {
      partial[lane] = max(partial[lane], partial[lane + width]);
    }
  }
  workgroupBarrier();
  let largest = partial[0];
  workgroupBarrier();
  return largest;
}

fn sumOf(lane: u32, value: i32) -> i32 {
  partial[lane] = value;
  for (var width = WORKGROUP >> 1u; width > 0u; width >>= 1u) {
    workgroupBarrier();
    if (lane < width) {
      partial[lane] += partial[lane + width];
    }
  }
  workgroupBarrier();
  let sum = partial[0];
  workgroupBarrier();
  return sum;
}
