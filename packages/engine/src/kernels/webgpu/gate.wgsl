// The squared-ReLU gate, forward and backward (spec/arithmetic.md section 8).

fn gateProduct(a: i32, b: i32, c: i32, less: i32) -> i32 {
  if (a == ZERO_EXPONENT || b == ZERO_EXPONENT || c == ZERO_EXPONENT) {
    return ZERO_EXPONENT;
  }
  return a + b + c - less;
}

fn gateElement(row: i32, column: i32) -> i32 {
  let g = quantise(max(0, at(0u, row, column)), 16, at(2u, row, 0), 16);
  return ((g * g) >> 15u) * quantise(at(1u, row, column), 16, at(3u, row, 0), 16);
}

fn gateExponent(row: i32, column: i32) -> i32 {
  let eg = exponentOf(at(2u, row, 0), 16);
  return gateProduct(eg, eg, exponentOf(at(3u, row, 0), 16), 15);
}

fn gateGradient(row: i32, column: i32) -> i32 {
  let g = quantise(max(0, at(3u, row, column)), 16, at(5u, row, 0), 16);
  let dh = quantise(at(0u, row, column), at(1u, row, 0), at(2u, row, 0), 16);
  if (param(0) == 1) {
    return dh * ((g * g) >> 15u);
  }
  return dh * rsh(g * quantise(at(4u, row, column), 16, at(6u, row, 0), 16), 15);
}

fn gateGradientExponent(row: i32, column: i32) -> i32 {
  let ed = exponentOf(at(2u, row, 0), 16);
  let eg = exponentOf(at(5u, row, 0), 16);
  if (param(0) == 1) {
    return gateProduct(ed, eg, eg, 15);
  }
  return gateProduct(ed, eg, exponentOf(at(6u, row, 0), 16), 16);
}
