// Between rows per token and rows per token of a head (spec/arithmetic.md section 9).

fn headRow(token: i32, head: i32, heads: i32, length: i32) -> i32 {
  let sequence = token / length;
  return (sequence * heads + head) * length + (token - sequence * length);
}

// A head of a token's row: where it begins, its exponent, its magnitude and its width.
struct Head {
  token: i32,
  first: i32,
  exponent: i32,
  magnitude: i32,
  size: i32,
  position: i32,
}

fn headOf(row: i32, e: u32) -> Head {
  let heads = param(0);
  let length = param(1);
  let size = columns(0u) / heads;
  let block = row / length;
  let sequence = block / heads;
  let position = row - block * length;
  let token = sequence * length + position;
  var head = Head(token, (block - sequence * heads) * size, param(2), NO_MAGNITUDE, size, position);
  if (isPresent(e)) {
    head.exponent = at(e, token, 0);
  }
  for (var d = 0; d < size; d++) {
    head.magnitude =
      max(head.magnitude, magnitudeOf(at(0u, token, head.first + d), head.exponent));
  }
  return head;
}

fn splitElement(row: i32, column: i32) -> i32 {
  let head = headOf(row, 1u);
  let value = at(0u, head.token, head.first + column);
  return quantise(value, head.exponent, head.magnitude, param(3));
}

fn splitExponent(row: i32, column: i32) -> i32 {
  return exponentOf(headOf(row, 1u).magnitude, param(3));
}

// Element of a pair (a, b) turned by an angle, Q14; the second of the pair if isSecond.
fn turned(a: i32, b: i32, cosine: i32, sine: i32, isSecond: bool) -> i32 {
  return (select(a * cosine - b * sine, a * sine + b * cosine, isSecond) + 8192) >> 14u;
}

fn rotated(head: Head, position: i32, d: i32) -> i32 {
  let half = head.size >> 1u;
  let i = select(d - half, d, d < half);
  let a = quantise(at(0u, head.token, head.first + i), head.exponent, head.magnitude, 16);
  let b = quantise(at(0u, head.token, head.first + i + half), head.exponent, head.magnitude, 16);
  return turned(a, b, at(1u, position, i), at(1u, position, i + half), d >= half);
}

fn rotatedMagnitude(head: Head, position: i32) -> i32 {
  let e = exponentOf(head.magnitude, 16);
  var largest = NO_MAGNITUDE;
  for (var d = 0; d < head.size; d++) {
    largest = max(largest, magnitudeOf(rotated(head, position, d), e));
  }
  return largest;
}

fn rotatedCode(row: i32, column: i32, start: i32) -> i32 {
  let head = headOf(row, 15u);
  let position = head.position + start;
  let m = rotatedMagnitude(head, position);
  return quantise(rotated(head, position, column), exponentOf(head.magnitude, 16), m, 8);
}

fn rotatedExponent(row: i32, start: i32) -> i32 {
  let head = headOf(row, 15u);
  return exponentOf(rotatedMagnitude(head, head.position + start), 8);
}

fn rotateElement(row: i32, column: i32) -> i32 {
  return rotatedCode(row, column, param(3));
}

fn rotateExponent(row: i32, column: i32) -> i32 {
  return rotatedExponent(row, param(3));
}

// In decoding the position of each sequence's first row is data.
fn decodeStart(row: i32) -> i32 {
  return at(2u, row / (param(0) * param(1)), 0);
}

fn decodeRotateElement(row: i32, column: i32) -> i32 {
  return rotatedCode(row, column, decodeStart(row));
}

fn decodeRotateExponent(row: i32, column: i32) -> i32 {
  return rotatedExponent(row, decodeStart(row));
}

fn headsSpan(row: i32, column: i32) -> vec2<i32> {
  let size = columns(0u);
  return vec2<i32>(column * param(2) * size, min(param(0), (column + 1) * param(2)) * size);
}

fn headsTerm(row: i32, column: i32, i: i32) -> i32 {
  let head = i / columns(0u);
  let source = headRow(row, head, param(0), param(1));
  return magnitudeOf(at(0u, source, i - head * columns(0u)), exponentOf(at(1u, source, 0), 8));
}

fn noMagnitude() -> i32 {
  return NO_MAGNITUDE;
}

fn mergeElement(row: i32, column: i32) -> i32 {
  let size = columns(0u);
  let head = column / size;
  let d = column - head * size;
  let source = headRow(row, head, param(0), param(1));
  let e = exponentOf(at(1u, source, 0), 8);
  let m = at(2u, row, 0);
  if (!isPresent(3u)) {
    return quantise(at(0u, source, d), e, m, 16);
  }
  let half = size >> 1u;
  let i = select(d - half, d, d < half);
  let a = quantise(at(0u, source, i), e, m, 16);
  let b = quantise(at(0u, source, i + half), e, m, 16);
  let position = row % param(1);
  return turned(a, b, at(3u, position, i), -at(3u, position, i + half), d >= half) * param(2);
}

fn mergeExponent(row: i32, column: i32) -> i32 {
  let e = exponentOf(at(2u, row, 0), 16);
  return select(e + 15, e, e == ZERO_EXPONENT || param(2) <= 0);
}
