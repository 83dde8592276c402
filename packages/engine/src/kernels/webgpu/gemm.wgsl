// The plain product in exact partial sums over chunks of the depth: slots a 0, b 1.

const RIGHT = 1u;
// None: the slot of no product.
const ADAPTER = 12u;

fn chunkBegin(chunk: i32) -> i32 {
  return chunk * param(0);
}

fn chunkEnd(chunk: i32, depth: i32) -> i32 {
  return min(depth, (chunk + 1) * param(0));
}

// Partial sums of one block of up to 32 columns lie beside each other.
fn outputColumn(n: i32, chunk: i32, depth: i32) -> i32 {
  let count = (depth + param(0) - 1) / param(0);
  let lane = min(32, rows(1u));
  let block = n / lane;
  return (block * count + chunk) * lane + (n - block * lane);
}

struct Row {
  row: i32,
}

fn rowOf(row: i32) -> Row {
  return Row(row);
}

fn finish(own: Row, row: i32, n: i32, sum: i32, adapted: i32) -> i32 {
  return sum;
}
