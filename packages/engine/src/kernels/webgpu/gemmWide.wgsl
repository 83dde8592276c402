// The product with a matrix of 16-bit elements, which only factors are: slots a 0, b 1.

fn gemmElement(row: i32, column: i32) -> i32 {
  return partialSum(row, column, rows(1u), 0);
}

// In decoding each sequence has its own `rank` rows of the matrix.
fn decodeProductElement(row: i32, column: i32) -> i32 {
  let rank = param(2);
  let length = rows(0u) / (rows(1u) / rank);
  return partialSum(row, column, rank, (row / length) * rank);
}

// Element of the product with `width` rows of the matrix from `first` on.
fn partialSum(row: i32, column: i32, width: i32, first: i32) -> i32 {
  let depth = columns(0u);
  let count = (depth + param(0) - 1) / param(0);
  let lane = min(32, width);
  let line = column / lane;
  let chunk = line % count;
  let n = first + (line / count) * lane + (column - line * lane);
  var sum = 0;
  for (var k = chunk * param(0); k < min(depth, (chunk + 1) * param(0)); k++) {
    sum += at(0u, row, k) * at(1u, n, k);
  }
  return sum;
}
