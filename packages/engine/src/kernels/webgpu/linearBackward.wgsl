// The gradient towards the input of a linear: slots dy8 0, dm 1, w 2, scale 3, du 4, due 5, a 6, am 7,
// addend 8, addendE 9.

const RIGHT = 2u;
const ADAPTER = 4u;

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

// Exponents of a row: its own, what its adapter is shifted by, and that of its addend.
struct Row {
  own: i32,
  adapter: i32,
  other: i32,
}

fn rowOf(row: i32) -> Row {
  var exponents = Row(ownExponent(row), 0, otherExponent(row));
  if (isPresent(ADAPTER)) {
    exponents.adapter = at(5u, row, 0) + exponentOf(at(7u, 0, 0), 12) - exponents.own;
  }
  return exponents;
}

fn finish(exponents: Row, row: i32, n: i32, sum: i32, adapted: i32) -> i32 {
  var dx = rshWide(multiply(sum, at(3u, 0, 0)), 10);
  if (isPresent(ADAPTER)) {
    dx = add(dx, rshWide(wide(adapted), exponents.adapter));
  }
  let mine = sat30(dx);
  if (!isPresent(8u)) {
    return mine;
  }
  let e = min(exponents.own, exponents.other);
  let addend = rshWide(wide(at(8u, row, n)), exponents.other - e);
  return sat30(add(addend, rshWide(wide(mine), exponents.own - e)));
}
