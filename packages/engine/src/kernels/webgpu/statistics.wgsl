// Magnitudes, quantisers, maxima and sums over blocks and over groups of heads.

// The block of element (row, column): its elements are numbered row by row, beginning at 0.
fn blockSpan(row: i32, column: i32) -> vec2<i32> {
  let height = min(param(0), rows(0) - row * param(0));
  return vec2<i32>(0, height * blockWidth(column));
}

fn blockWidth(column: i32) -> i32 {
  return min(param(1), columns(0) - column * param(1));
}

fn blockPlace(row: i32, column: i32, i: i32) -> vec2<i32> {
  let width = blockWidth(column);
  let down = i / width;
  return vec2<i32>(row * param(0) + down, column * param(1) + i - down * width);
}

fn magnitudeTerm(row: i32, column: i32, i: i32) -> i32 {
  let place = blockPlace(row, column, i);
  let value = at(0u, place.x, place.y);
  if (param(3) == 1 && value < 0) {
    return NO_MAGNITUDE;
  }
  var e = param(2);
  if (isPresent(1u)) {
    e = at(1u, place.x, 0);
  }
  return magnitudeOf(value, e);
}

fn noMagnitude() -> i32 {
  return NO_MAGNITUDE;
}

fn quantised(row: i32, column: i32) -> i32 {
  var e = param(1);
  if (isPresent(2u)) {
    e = at(2u, row, 0);
  }
  return quantise(at(0u, row, column), e, at(1u, select(row, 0, rows(1u) == 1), 0), param(0));
}

fn blockElement(row: i32, column: i32, i: i32) -> i32 {
  let place = blockPlace(row, column, i);
  return at(0u, place.x, place.y);
}

fn blockElementWide(row: i32, column: i32, i: i32) -> Wide {
  let place = blockPlace(row, column, i);
  return atWide(0u, place.x, place.y);
}

fn smallestWord() -> i32 {
  return i32(0x80000000u);
}

fn memberRow(row: i32, member: i32) -> i32 {
  let head = row / param(1);
  return (head * param(0) + member) * param(1) + (row - head * param(1));
}

fn groupMax(row: i32, column: i32) -> i32 {
  var largest = at(0u, memberRow(row, 0), column);
  for (var g = 1; g < param(0); g++) {
    largest = max(largest, at(0u, memberRow(row, g), column));
  }
  return largest;
}

fn groupSum(row: i32, column: i32) -> i32 {
  var sum = 0;
  for (var g = 0; g < param(0); g++) {
    sum += at(0u, memberRow(row, g), column);
  }
  return sum;
}
