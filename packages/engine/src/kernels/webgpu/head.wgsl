// Loss and gradient of the head (spec/arithmetic.md section 11). It follows gather.wgsl for `tokenAt`
// and rank.wgsl for `partialColumn`.

const DLOGITS_SITE = 1u;

// Slots: score 0, max 1.
fn sumSpan(row: i32, column: i32) -> vec2<i32> {
  return vec2<i32>(column * param(0), min(columns(0u), (column + 1) * param(0)));
}

fn sumTerm(row: i32, column: i32, v: i32) -> Wide {
  return wide(exp2n(u32(at(1u, row, 0)) - u32(at(0u, row, v))));
}

// Slots of everything below: tokens 0, score 1, max 2, sum 3, rowScale 4, magnitude 5, step 6.
fn targetOf(row: i32) -> i32 {
  return tokenAt(row, param(0), columns(1u), 1);
}

fn loss(row: i32, column: i32) -> i32 {
  let distance = Wide(u32(at(2u, row, 0)) - u32(at(1u, row, targetOf(row))), 0u);
  return sat30(add(distance, wide(log2Of(atWide(3u, row, 0)) - 30 * 65536)));
}

// floor(2^60 / sum), at most 2^30.
fn reciprocalOf(row: i32) -> i32 {
  return i32(divideUnsigned(Wide(0u, 1u << 28u), atWide(3u, row, 0)).x);
}

fn logitGradient(row: i32, v: i32, isTarget: bool) -> i32 {
  let e = exp2n(u32(at(2u, row, 0)) - u32(at(1u, row, v)));
  let reciprocal = reciprocalOf(row);
  let high = multiply(e >> 15u, reciprocal);
  let low = shiftRight(multiply(e & 32767, reciprocal), 15u);
  let p22 = i32(shiftRight(add(high, low), 23u).x);
  let value = p22 - select(0, 1 << 22u, isTarget);
  return i32(rshWide(multiply(value, at(4u, v, 0)), 15).x);
}

fn rowShift(magnitude: i32) -> u32 {
  return u32(max(0, magnitude - 7));
}

fn roundStochastically(value: i32, s: u32, row: i32, column: i32) -> i32 {
  let low = u32(stepWord(6u, 0));
  let high = u32(stepWord(6u, 1));
  let word = noise(low, high, DLOGITS_SITE, u32(row), u32(column));
  return (value + i32(word & ((1u << s) - 1u))) >> s;
}

fn magnitudeSpan(row: i32, column: i32) -> vec2<i32> {
  return vec2<i32>(column * param(1), min(columns(1u), (column + 1) * param(1)));
}

fn magnitudeTerm(row: i32, column: i32, v: i32) -> i32 {
  if (v == targetOf(row)) {
    return NO_MAGNITUDE;
  }
  return magnitudeOf(logitGradient(row, v, false), 0);
}

fn dlogit(row: i32, column: i32) -> i32 {
  if (column == targetOf(row)) {
    return 0;
  }
  let value = logitGradient(row, column, false);
  return clamp(roundStochastically(value, rowShift(at(5u, row, 0)), row, column), -127, 127);
}

fn dlogitOfTarget(row: i32, column: i32) -> i32 {
  let v = targetOf(row);
  let value = logitGradient(row, v, true);
  return roundStochastically(value, rowShift(at(5u, row, 0)), row, v);
}

// Slots: tokens 0, acc 1, target 2, e8 3, exponent 4, magnitude 5.
fn hiddenGradient(row: i32, column: i32) -> i32 {
  let width = columns(3u);
  let count = columns(1u) / width;
  var sum = at(2u, row, 0) * at(3u, tokenAt(row, param(0), rows(3u), 1), column);
  for (var c = 0; c < count; c++) {
    sum += at(1u, row, partialColumn(column, c, count, width));
  }
  return sum;
}

fn hiddenExponent(row: i32, column: i32) -> i32 {
  return 22 + at(4u, 0, 0) - 15 - i32(rowShift(at(5u, row, 0)));
}
