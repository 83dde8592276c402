// The gradient towards the input of a linear: slots dy8 0, dm 1, w 2, scale 3, du 4, due 5, a 6, am 7,
// addend 8, addendE 9.

const RIGHT = 2u;

fn ownExponent(row: i32) -> i32 {
  let e = exponentOf(at(1u, row, 0), 8);
  return select(e + at(3u, 0, 1) - 10, ZERO_EXPONENT, e == ZERO_EXPONENT);
}

fn otherExponent(row: i32) -> i32 {
  if (isPresent(9u)) {
    return at(9u, row, 0);
  }
  return ZERO_EXPONENT;
}

fn backwardExponent(row: i32, column: i32) -> i32 {
  return min(ownExponent(row), otherExponent(row));
}

fn finish(row: i32, n: i32, sum: i32) -> i32 {
  let own = ownExponent(row);
  var dx = rshWide(multiply(sum, at(3u, 0, 0)), 10);
  if (isPresent(4u)) {
    let e = at(5u, row, 0) + exponentOf(at(7u, 0, 0), 12) - own;
    dx = add(dx, rshWide(wide(rankDot(4u, row, n, 0)), e));
  }
  let mine = sat30(dx);
  if (!isPresent(8u)) {
    return mine;
  }
  let other = otherExponent(row);
  let e = min(own, other);
  return sat30(add(rshWide(wide(at(8u, row, n)), other - e), rshWide(wide(mine), own - e)));
}
