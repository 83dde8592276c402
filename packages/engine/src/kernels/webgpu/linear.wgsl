// The ternary linear layer with its adapter: slots x8 0, w 1, scale 2, m 3, u 4, ue 5, b 6, bm 7, residual 8.

const RIGHT = 1u;

const ADAPTER = 4u;

// Scales of a row: of its sums, and the exponent of its adapter.
struct Row {
  c15: i32,
  shift: i32,
  adapter: i32,
}

fn rowOf(row: i32) -> Row {
  let wideScale = shiftLeft(multiply(at(2u, 0, 0), at(3u, row, 0)), 8u);
  let scale = shortScale(divideShort(wideScale, 127u));
  var own = Row(scale.c15, at(2u, 0, 1) + 4 - scale.k, 0);
  if (isPresent(ADAPTER)) {
    let sequence = row / (rows(0u) / rows(7u));
    own.adapter = at(5u, row, 0) + exponentOf(at(7u, sequence, 0), 12) - param(0) - 16;
  }
  return own;
}

fn finish(own: Row, row: i32, n: i32, sum: i32, adapted: i32) -> i32 {
  var y = rshWide(multiply(sum, own.c15), own.shift);
  if (isPresent(ADAPTER)) {
    y = add(y, rshWide(wide(adapted), own.adapter));
  }
  let mine = sat30(y);
  if (!isPresent(8u)) {
    return mine;
  }
  return sat30(add(wide(at(8u, row, n)), wide(mine)));
}
