// A product over the whole depth at once.

fn chunkBegin(chunk: i32) -> i32 {
  return 0;
}

fn chunkEnd(chunk: i32, depth: i32) -> i32 {
  return depth;
}

fn outputColumn(n: i32, chunk: i32, depth: i32) -> i32 {
  return n;
}

// sum over j of u[row, j] * factor[j, n], where u is the slot `u` and the factors stand two behind it.
fn rankDot(u: u32, row: i32, n: i32, sequence: i32) -> i32 {
  let rank = columns(u);
  var sum = 0;
  for (var j = 0; j < rank; j++) {
    sum += at(u, row, j) * at(u + 2u, sequence * rank + j, n);
  }
  return sum;
}
