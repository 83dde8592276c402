// RMSNorm with a gain and absmax int8, forward and backward (spec/arithmetic.md section 5).

// Where a kind keeps what all norms read.
struct NormSlots {
  x: u32,
  e: u32,
  gain: u32,
  exponent: i32,
}

// What a row of a norm shares: its exponent and magnitude, and 1 / rms = root * 2^(shift - 31).
struct NormRow {
  slots: NormSlots,
  exponent: i32,
  magnitude: i32,
  root: i32,
  shift: i32,
}

// Norms of a workgroup's rows, in their places.
var<workgroup> ready: array<NormRow, 4>;

fn keep(slots: NormSlots, row: i32, lane: u32) {
  if (lane == 0u) {
    ready[row & 3] = scaledRow(slots, row);
  }
  workgroupBarrier();
}

fn boundRow(slots: NormSlots, row: i32) -> NormRow {
  var exponent = slots.exponent;
  if (isPresent(slots.e)) {
    exponent = at(slots.e, row, 0);
  }
  return NormRow(slots, exponent, at(slots.x + 1u, row, 0), 0, 0);
}

// The magnitude stands right behind x, the sum of squares behind that.
fn scaledRow(slots: NormSlots, row: i32) -> NormRow {
  var bound = boundRow(slots, row);
  let squares = atWide(slots.x + 2u, row, 0);
  let length = bitLengthWide(squares);
  let cut = select(0, (length - 29) & ~1, length > 30);
  let r = max(1u, isqrt(shiftRight(squares, u32(cut)).x));
  let width = isqrtWide(shiftLeft(wide(columns(slots.x)), 20u));
  let widthShift = bitLengthUnsigned(width) - 16;
  var top = width << u32(max(-widthShift, 0));
  if (widthShift > 0) {
    top = width >> u32(widthShift);
  }
  let quotient = (top << 16u) / r;
  let rootShift = bitLengthUnsigned(quotient) - 15;
  bound.root = i32(rshWide(Wide(quotient, 0u), rootShift).x);
  bound.shift = rootShift + widthShift + 5 - (cut >> 1u);
  return bound;
}

fn narrowed(bound: NormRow, row: i32, i: i32) -> i32 {
  return quantise(at(bound.slots.x, row, i), bound.exponent, bound.magnitude, 16);
}

fn normalised(bound: NormRow, row: i32, i: i32) -> i32 {
  return rsh(narrowed(bound, row, i) * bound.root, 19 - bound.shift);
}

fn gained(bound: NormRow, row: i32, i: i32) -> i32 {
  let product = multiply(normalised(bound, row, i), at(bound.slots.gain, 0, i));
  return i32(rshWide(product, 12).x);
}

fn chunkSpan(row: i32, column: i32) -> vec2<i32> {
  return vec2<i32>(column * param(0), min(columns(0u), (column + 1) * param(0)));
}

fn squareTerm(row: i32, column: i32, i: i32) -> Wide {
  let value = narrowed(boundRow(NormSlots(0u, 2u, 3u, param(1)), row), row, i);
  return multiply(value, value);
}

// A row has one term: its sum of squares with the share of an epsilon (Q40) in the units of the row.
fn oneTerm(row: i32, column: i32) -> vec2<i32> {
  return vec2<i32>(0, 1);
}

fn epsilonTerm(row: i32, column: i32, i: i32) -> Wide {
  let magnitude = at(1u, row, 0);
  let squares = atWide(0u, row, 0);
  if (magnitude == NO_MAGNITUDE) {
    return squares;
  }
  let most = Wide(0u, 1u << 19u);
  let share = rshWide(multiply(param(0), param(1)), max(10 + 2 * magnitude, -16));
  return add(squares, select(most, share, lessUnsigned(share, most)));
}

fn prepareMantissa(row: i32, lane: u32) {
  keep(NormSlots(0u, 4u, 3u, param(1)), row, lane);
}

fn mantissaTerm(row: i32, column: i32, i: i32) -> i32 {
  let bound = ready[row & 3];
  if (bound.magnitude == NO_MAGNITUDE) {
    return 1;
  }
  return abs(gained(bound, row, i));
}

fn one() -> i32 {
  return 1;
}

fn prepareQuantise(row: i32, lane: u32) {
  keep(NormSlots(0u, 5u, 3u, param(0)), row, lane);
}

fn normQuantised(row: i32, column: i32) -> i32 {
  let bound = ready[row & 3];
  if (bound.magnitude == NO_MAGNITUDE) {
    return 0;
  }
  let reciprocal = (127 << 23u) / max(1, at(4u, row, 0));
  return clampWide(rshWide(multiply(gained(bound, row, column), reciprocal), 23), 127);
}

// Slots of the gradient: d 0, dm 1, de 2, x 3, m 4, squares 5, gain 6, dot 7.
fn gainedGradient(row: i32, i: i32) -> i32 {
  return rsh(quantise(at(0u, row, i), at(2u, row, 0), at(1u, row, 0), 16) * at(6u, 0, i), 12);
}

fn isZeroGradient(row: i32) -> bool {
  return at(4u, row, 0) == NO_MAGNITUDE || at(1u, row, 0) == NO_MAGNITUDE;
}

fn prepareDot(row: i32, lane: u32) {
  keep(NormSlots(3u, 7u, 6u, param(1)), row, lane);
}

fn dotTerm(row: i32, column: i32, i: i32) -> Wide {
  if (isZeroGradient(row)) {
    return Wide(0u, 0u);
  }
  return multiply(gainedGradient(row, i), normalised(ready[row & 3], row, i));
}

// The share of x in the gradient of each row.
var<workgroup> shares: array<i32, 4>;

fn prepareGradient(row: i32, lane: u32) {
  keep(NormSlots(3u, 8u, 6u, param(0)), row, lane);
  if (lane == 0u) {
    shares[row & 3] = i32(divRound(atWide(7u, row, 0), columns(3u)).x);
  }
}

fn normBackward(row: i32, column: i32) -> i32 {
  if (isZeroGradient(row)) {
    return 0;
  }
  let bound = ready[row & 3];
  let along = rshWide(multiply(normalised(bound, row, column), shares[row & 3]), 24);
  let tangent = gainedGradient(row, column) - i32(along.x);
  return sat30(rshWide(multiply(tangent, bound.root), 8));
}

fn normBackwardExponent(row: i32, column: i32) -> i32 {
  if (isZeroGradient(row)) {
    return ZERO_EXPONENT;
  }
  let bound = ready[row & 3];
  let inverse = 31 - bound.shift - exponentOf(bound.magnitude, 16);
  return exponentOf(at(1u, row, 0), 16) + inverse - 8;
}

fn normBackwardResidual(row: i32, column: i32) -> i32 {
  var previous = 0;
  if (isPresent(9u)) {
    previous = at(9u, row, column);
  }
  let own = wide(normBackward(row, column));
  return sat30(add(wide(previous), rshWide(own, normBackwardExponent(row, column) - param(1))));
}
