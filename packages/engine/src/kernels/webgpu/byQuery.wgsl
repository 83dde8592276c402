// Pairs in rows of one query: columns are the keys of its head. It follows attention.wgsl.

const LEFT = 0u;
const RIGHT = 2u;
const LEFT_GRADIENT = 6u;
const RIGHT_GRADIENT = 4u;

fn leftRowOf(row: i32) -> i32 {
  return row;
}

fn rightRowOf(row: i32, column: i32) -> i32 {
  return firstKey(row) + column;
}

fn pairOf(row: i32, column: i32, product: i32, gradient: i32) -> Pair {
  return Pair(row, rightRowOf(row, column), product, gradient);
}

// The columns that rows from first to last see.
fn spanOfTile(first: i32, last: i32) -> vec2<i32> {
  return keysOfTile(first, last);
}
