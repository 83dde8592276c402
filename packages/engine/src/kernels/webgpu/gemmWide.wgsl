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
  let begin = chunk * param(0);
  return dotWide(row, n, begin, min(depth, begin + param(0)));
}

// sum over k from begin to end of a[row, k] * b[n, k].
fn dotWide(row: i32, n: i32, begin: i32, end: i32) -> i32 {
  let a = operation.slots[0];
  let b = operation.slots[1];
  var sum = 0;
  if (a.w != I8 || ((a.z | u32(begin) | u32(end)) & 3u) != 0u) {
    for (var k = begin; k < end; k++) {
      sum += at(0u, row, k) * at(1u, n, k);
    }
    return sum;
  }
  // Whole words: four elements of a, and the two words of b beside them.
  let left = a.x + ((u32(row) * a.z) >> 2u);
  let right = b.x + ((u32(n) * a.z) >> 1u);
  for (var word = u32(begin) >> 2u; 4u * word < u32(end); word++) {
    let x = (vec4<i32>(i32(arena[left + word])) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
    let near = arena[right + 2u * word];
    let far = arena[right + 2u * word + 1u];
    let y = vec4<i32>(vec4<u32>(near << 16u, near, far << 16u, far)) >> vec4<u32>(16u);
    sum += dot(x, y);
  }
  return sum;
}
