// The ternary linear layer with its adapter: slots x8 0, w 1, scale 2, m 3, u 4, ue 5, b 6, bm 7, residual 8.

const RIGHT = 1u;

fn finish(row: i32, n: i32, sum: i32) -> i32 {
  let wideScale = shiftLeft(multiply(at(2u, 0, 0), at(3u, row, 0)), 8u);
  let scale = shortScale(divideShort(wideScale, 127u));
  var y = rshWide(multiply(sum, scale.c15), at(2u, 0, 1) + 4 - scale.k);
  if (isPresent(4u)) {
    // A set of factors is shared by all rows, or in decoding by those of a sequence.
    let sequence = row / (rows(0u) / rows(7u));
    let e = at(5u, row, 0) + exponentOf(at(7u, sequence, 0), 12) - param(0) - 16;
    y = add(y, rshWide(wide(rankDot(4u, row, n, sequence)), e));
  }
  let own = sat30(y);
  if (!isPresent(8u)) {
    return own;
  }
  return sat30(add(wide(at(8u, row, n)), wide(own)));
}
