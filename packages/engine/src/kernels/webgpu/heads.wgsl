// Between rows per token and rows per token of a head (spec/arithmetic.md section 9). It follows reduce.wgsl.

fn headRow(token: i32, head: i32, heads: i32, length: i32) -> i32 {
  let sequence = token / length;
  return (sequence * heads + head) * length + (token - sequence * length);
}

// A head of a token's row: where it begins, its exponent and magnitude, and the magnitude of what it becomes
// when it is turned.
struct Head {
  token: i32,
  first: i32,
  exponent: i32,
  magnitude: i32,
  turned: i32,
  size: i32,
  position: i32,
}

// Heads of a workgroup's rows, in their places.
var<workgroup> ready: array<Head, 4>;

fn headOf(row: i32, e: u32, lane: u32) -> Head {
  let heads = param(0);
  let length = param(1);
  let size = columns(0u) / heads;
  let block = row / length;
  let sequence = block / heads;
  let position = row - block * length;
  let token = sequence * length + position;
  let first = (block - sequence * heads) * size;
  var exponent = param(2);
  if (isPresent(e)) {
    exponent = at(e, token, 0);
  }
  var largest = NO_MAGNITUDE;
  for (var d = i32(lane); d < size; d += i32(WORKGROUP)) {
    largest = max(largest, magnitudeOf(at(0u, token, first + d), exponent));
  }
  return Head(token, first, exponent, largestOf(lane, largest), NO_MAGNITUDE, size, position);
}

fn prepareSplit(row: i32, lane: u32) {
  let head = headOf(row, 1u, lane);
  if (lane == 0u) {
    ready[row & 3] = head;
  }
}

fn splitElement(row: i32, column: i32) -> i32 {
  let head = ready[row & 3];
  let value = at(0u, head.token, head.first + column);
  return quantise(value, head.exponent, head.magnitude, param(3));
}

fn splitExponent(row: i32, column: i32) -> i32 {
  return exponentOf(ready[row & 3].magnitude, param(3));
}

// Element of a pair (a, b) turned by an angle, Q14; the second of the pair if isSecond.
fn turned(a: i32, b: i32, cosine: i32, sine: i32, isSecond: bool) -> i32 {
  return (select(a * cosine - b * sine, a * sine + b * cosine, isSecond) + 8192) >> 14u;
}

fn rotated(head: Head, d: i32) -> i32 {
  let half = head.size >> 1u;
  let i = select(d - half, d, d < half);
  let a = quantise(at(0u, head.token, head.first + i), head.exponent, head.magnitude, 16);
  let b = quantise(at(0u, head.token, head.first + i + half), head.exponent, head.magnitude, 16);
  return turned(a, b, at(1u, head.position, i), at(1u, head.position, i + half), d >= half);
}

fn prepareTurned(row: i32, start: i32, lane: u32) {
  var head = headOf(row, 15u, lane);
  head.position += start;
  let e = exponentOf(head.magnitude, 16);
  var largest = NO_MAGNITUDE;
  for (var d = i32(lane); d < head.size; d += i32(WORKGROUP)) {
    largest = max(largest, magnitudeOf(rotated(head, d), e));
  }
  head.turned = largestOf(lane, largest);
  if (lane == 0u) {
    ready[row & 3] = head;
  }
}

fn prepareRotate(row: i32, lane: u32) {
  prepareTurned(row, param(3), lane);
}

// In decoding the position of each sequence's first row is data.
fn prepareDecodeRotate(row: i32, lane: u32) {
  prepareTurned(row, at(2u, row / (param(0) * param(1)), 0), lane);
}

fn rotateElement(row: i32, column: i32) -> i32 {
  let head = ready[row & 3];
  return quantise(rotated(head, column), exponentOf(head.magnitude, 16), head.turned, 8);
}

fn rotateExponent(row: i32, column: i32) -> i32 {
  return exponentOf(ready[row & 3].turned, 8);
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
