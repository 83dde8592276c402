// The vectors between the two factors of an adapter, and the gradients of the factors
// (spec/arithmetic.md section 7).

// Column of the partial sum of output column j over chunk c of `count`, in a product with n columns.
fn partialColumn(j: i32, c: i32, count: i32, n: i32) -> i32 {
  let lane = min(32, n);
  let block = j / lane;
  return (block * count + c) * lane + (j - block * lane);
}

// Slots: acc 0, factor 1, m 2, dm 3.
fn rankScale(row: i32) -> ShortScale {
  return shortScale(divideShort(shiftLeft(wide(at(2u, row, 0)), 16u), 127u));
}

fn rankElement(row: i32, j: i32) -> Wide {
  let count = columns(0u) / param(0);
  var sum = Wide(0u, 0u);
  for (var c = 0; c < count; c++) {
    sum = add(sum, wide(at(0u, row, partialColumn(j, c, count, param(0)))));
  }
  if (!isPresent(2u)) {
    return sum;
  }
  return rshWide(multiplyWide(sum, rankScale(row).c15), 15);
}

fn rankRowExponent(row: i32) -> i32 {
  let factor = exponentOf(at(1u, row / (rows(0u) / rows(1u)), 0), 12);
  if (isPresent(2u)) {
    return factor + 13 - rankScale(row).k - param(1);
  }
  return exponentOf(at(3u, row, 0), 8) + factor - param(1);
}

// Exponent and magnitude of a workgroup's rows, in their places.
var<workgroup> ready: array<vec2<i32>, 4>;

fn prepareRank(row: i32, lane: u32) {
  let e = rankRowExponent(row);
  var largest = NO_MAGNITUDE;
  for (var j = i32(lane); j < param(0); j += i32(WORKGROUP)) {
    largest = max(largest, magnitudeOfWide(rankElement(row, j), e));
  }
  let magnitude = largestOf(lane, largest);
  if (lane == 0u) {
    ready[row & 3] = vec2<i32>(e, magnitude);
  }
}

fn rankQuantised(row: i32, column: i32) -> i32 {
  let own = ready[row & 3];
  return quantiseWide(rankElement(row, column), own.x, own.y, 14);
}

fn rankExponent(row: i32, column: i32) -> i32 {
  return exponentOf(ready[row & 3].y, 14);
}

// An element with its token's scale folded in: slots u 0, e 1, then m and dm, which stand at `m` and m + 1.
struct Folded {
  value: Wide,
  e: i32,
}

fn folded(row: i32, j: i32, m: u32, alphaShift: i32) -> Folded {
  let value = at(0u, row, j);
  let e = at(1u, row, 0);
  if (isPresent(m)) {
    return Folded(multiply(value, at(m, row, 0)), e);
  }
  return Folded(wide(value), e + exponentOf(at(m + 1u, row, 0), 8) - alphaShift);
}

fn foldSpan(row: i32, column: i32) -> vec2<i32> {
  let last = min(rows(0u), (row + 1) * param(0));
  return vec2<i32>(row * param(0) * columns(0u), last * columns(0u));
}

fn foldTerm(row: i32, column: i32, i: i32) -> i32 {
  let token = i / columns(0u);
  let element = folded(token, i - token * columns(0u), 2u, param(1));
  return magnitudeOfWide(element.value, element.e);
}

fn noMagnitude() -> i32 {
  return NO_MAGNITUDE;
}

fn foldQuantised(row: i32, column: i32) -> i32 {
  let element = folded(row, column, 3u, param(0));
  return quantiseWide(element.value, element.e, at(2u, 0, 0), 13);
}
