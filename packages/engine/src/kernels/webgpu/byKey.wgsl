// Pairs in rows of one key and query head: columns are the queries of that head. It follows attention.wgsl.

const LEFT = 2u;
const RIGHT = 0u;
const LEFT_GRADIENT = 4u;
const RIGHT_GRADIENT = 6u;

fn leftRowOf(row: i32) -> i32 {
  return keyOf(row);
}

fn rightRowOf(row: i32, column: i32) -> i32 {
  return firstQuery(row) + column;
}

fn pairOf(row: i32, column: i32, product: i32, gradient: i32) -> Pair {
  return Pair(rightRowOf(row, column), leftRowOf(row), product, gradient);
}

// The columns that see rows from first to last.
fn spanOfTile(first: i32, last: i32) -> vec2<i32> {
  return queriesOfTile(first, last);
}
