// The product with a matrix of 16-bit elements, which only factors are: slots a 0, b 1.

fn gemmElement(row: i32, column: i32) -> i32 {
  let depth = columns(0u);
  let count = (depth + param(0) - 1) / param(0);
  let lane = min(32, rows(1u));
  let line = column / lane;
  let chunk = line % count;
  let n = (line / count) * lane + (column - line * lane);
  var sum = 0;
  for (var k = chunk * param(0); k < min(depth, (chunk + 1) * param(0)); k++) {
    sum += at(0u, row, k) * at(1u, n, k);
  }
  return sum;
}
