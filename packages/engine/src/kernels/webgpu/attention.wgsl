// Causal attention, forward and backward (spec/arithmetic.md section 10). Parameters 0 to 3 are the frame:
// heads, group, queries, keys; then the scale and, for a statistic, the chunk.

// Row 0 of the keys that a query row may see.
fn firstKey(row: i32) -> i32 {
  let block = row / param(2);
  let sequence = block / param(0);
  let head = (block - sequence * param(0)) / param(1);
  return (sequence * (param(0) / param(1)) + head) * param(3);
}

// How many keys a query row sees.
fn keyCount(row: i32) -> i32 {
  return row % param(2) + param(3) - param(2) + 1;
}

// Rows of the column-wise tensors are [sequence, query head, key]: the key row of one, and the first
// query row of its head.
fn keyOf(row: i32) -> i32 {
  let block = row / param(3);
  return (block / param(1)) * param(3) + (row - block * param(3));
}

fn firstQuery(row: i32) -> i32 {
  return (row / param(3)) * param(3);
}

// Slots: q8 0, qe 1, k8 2, ke 3.
fn score(i: i32, j: i32) -> i32 {
  let product = dotRows(0u, i, 2u, j, columns(0u)) * param(4);
  return rshClamped(product, max(at(1u, i, 0) + at(3u, j, 0) - 4, -24), SAT30);
}

fn exponential(i: i32, j: i32, largest: i32) -> i32 {
  return exp2n(u32(largest) - u32(score(i, j)));
}

// Z as a 16-bit reciprocal: 1 / Z = reciprocal * 2^-(length + 15).
struct Normaliser {
  length: i32,
  reciprocal: i32,
}

fn normaliser(sum: i32) -> Normaliser {
  let length = bitLength(sum);
  var top = u32(sum) << u32(max(16 - length, 0));
  if (length > 16) {
    top = u32(sum) >> u32(length - 16);
  }
  return Normaliser(length, i32(min(65535u, 0x80000000u / max(1u, top))));
}

fn probability(e: i32, z: Normaliser) -> i32 {
  return min(32767, rsh((e >> 15u) * z.reciprocal, z.length - 3));
}

// P_ij, with the slots of max and sum.
fn weightOf(i: i32, j: i32, largest: u32, sum: u32) -> i32 {
  return probability(exponential(i, j, at(largest, i, 0)), normaliser(at(sum, i, 0)));
}

// Keys of a chunk that a query row sees.
fn keySpan(row: i32, column: i32, chunk: i32) -> vec2<i32> {
  return vec2<i32>(column * chunk, min(keyCount(row), (column + 1) * chunk));
}

fn spanOfKeys(row: i32, column: i32) -> vec2<i32> {
  return keySpan(row, column, param(5));
}

fn spanOfValues(row: i32, column: i32) -> vec2<i32> {
  return keySpan(row, column, param(4));
}

fn spanOfQueries(row: i32, column: i32) -> vec2<i32> {
  let begin = max(row - firstQuery(row), column * param(5));
  return vec2<i32>(begin, min(param(2), (column + 1) * param(5)));
}

fn noScore() -> i32 {
  return -SAT30;
}

fn noMagnitude() -> i32 {
  return NO_MAGNITUDE;
}

fn prefixElement(row: i32, column: i32) -> i32 {
  var least = ZERO_EXPONENT;
  for (var j = row - row % param(0); j <= row; j++) {
    least = min(least, at(0u, j, 0));
  }
  return 30 - least;
}

fn scoreTerm(row: i32, column: i32, j: i32) -> i32 {
  return score(row, firstKey(row) + j);
}

fn exponentialTerm(row: i32, column: i32, j: i32) -> Wide {
  return wide(exponential(row, firstKey(row) + j, at(4u, row, 0)) >> 12u);
}

// Slots: max 4, ve 5, x 6.
fn alignedWeight(row: i32, column: i32) -> i32 {
  let first = firstKey(row);
  let count = keyCount(row);
  var weight = 0;
  if (column < count) {
    let j = first + column;
    let shift = at(6u, first + count - 1, 0) + at(5u, j, 0) - 14;
    weight = rshClamped(exponential(row, j, at(4u, row, 0)), shift, 16383);
  }
  return weight;
}

// RSH(RSH(sum of w v, 4) * R, L + 21 - x) in 30 bits, from the sums of both limbs of the weights.
fn contextOf(low: i32, high: i32, z: Normaliser, align: i32) -> i32 {
  let sum = rshWide(add(wide(low), shiftLeft(wide(high), 7u)), 4);
  return sat30(rshWide(multiplyWide(sum, z.reciprocal), z.length + 21 - align));
}

// Slots: w 0, v 1, sum 2, x 3. The weights are summed as two limbs of seven bits.
fn contextElement(token: i32, column: i32) -> i32 {
  let size = columns(1u);
  let head = column / size;
  let sequence = token / param(2);
  let row = (sequence * param(0) + head) * param(2) + (token - sequence * param(2));
  let first = firstKey(row);
  let count = keyCount(row);
  var low = 0;
  var high = 0;
  for (var j = 0; j < count; j++) {
    let w = at(0u, row, j);
    let v = at(1u, first + j, column - head * size);
    low += (w & 127) * v;
    high += (w >> 7u) * v;
  }
  return contextOf(low, high, normaliser(at(2u, row, 0)), at(3u, first + count - 1, 0));
}

// Slots: do8 0, doe 1, v8 2, ve 3.
fn gradientTerm(row: i32, column: i32, j: i32) -> i32 {
  let key = firstKey(row) + j;
  return magnitudeOf(dotRows(0u, row, 2u, key, columns(2u)), at(1u, row, 0) + at(3u, key, 0));
}

// Slots: q8 0, qe 1, k8 2, ke 3, v8 4, ve 5, do8 6, doe 7, max 8, sum 9, dpm 10, delta 11.
fn weightGradient(i: i32, j: i32) -> i32 {
  let dp = dotRows(6u, i, 4u, j, columns(6u));
  return quantise(dp, at(7u, i, 0) + at(5u, j, 0), at(10u, i, 0), 16);
}

fn scoreGradient(i: i32, j: i32) -> i32 {
  return weightOf(i, j, 8u, 9u) * (weightGradient(i, j) - rsh(at(11u, i, 0), 15));
}

fn scoreGradientExponent(i: i32) -> i32 {
  return exponentOf(at(10u, i, 0), 16) + 15;
}

fn deltaTerm(row: i32, column: i32, j: i32) -> Wide {
  let key = firstKey(row) + j;
  return wide(weightOf(row, key, 8u, 9u) * weightGradient(row, key));
}

fn queryTerm(row: i32, column: i32, j: i32) -> i32 {
  let key = firstKey(row) + j;
  return magnitudeOf(scoreGradient(row, key), scoreGradientExponent(row) + at(3u, key, 0));
}

fn queryWeight(row: i32, column: i32) -> i32 {
  var weight = 0;
  if (column < keyCount(row)) {
    let key = firstKey(row) + column;
    let e = scoreGradientExponent(row) + at(3u, key, 0);
    weight = quantise(scoreGradient(row, key), e, at(12u, row, 0), 8);
  }
  return weight;
}

// Slots: d8 0, k8 1.
fn queryGradient(row: i32, column: i32) -> i32 {
  let first = firstKey(row);
  var sum = 0;
  for (var j = 0; j < keyCount(row); j++) {
    sum += at(0u, row, j) * at(1u, first + j, column);
  }
  return sum;
}

fn keyTerm(row: i32, column: i32, query: i32) -> i32 {
  let i = firstQuery(row) + query;
  return magnitudeOf(scoreGradient(i, keyOf(row)), scoreGradientExponent(i) + at(1u, i, 0));
}

// Slot 12: km.
fn keyWeight(row: i32, column: i32) -> i32 {
  let first = firstQuery(row);
  var weight = 0;
  if (column >= row - first) {
    let i = first + column;
    let key = keyOf(row);
    let e = scoreGradientExponent(i) + at(1u, i, 0);
    weight = quantise(scoreGradient(i, key), e, at(12u, key, 0), 8);
  }
  return weight;
}

// Slots: q8 0, qe 1, k8 2, ke 3, doe 4, max 5, sum 6, km 7.
fn valueTerm(row: i32, column: i32, query: i32) -> i32 {
  let i = firstQuery(row) + query;
  return magnitudeOf(weightOf(i, keyOf(row), 5u, 6u), at(4u, i, 0) + 15);
}

fn valueWeight(row: i32, column: i32) -> i32 {
  let first = firstQuery(row);
  var weight = 0;
  if (column >= row - first) {
    let i = first + column;
    let key = keyOf(row);
    weight = quantise(weightOf(i, key, 5u, 6u), at(4u, i, 0) + 15, at(7u, key, 0), 8);
  }
  return weight;
}

// Slots: w8 0, x8 1.
fn keyGradient(row: i32, column: i32) -> i32 {
  let first = firstQuery(row);
  var sum = 0;
  for (var i = row - first; i < param(2); i++) {
    sum += at(0u, row, i) * at(1u, first + i, column);
  }
  return sum;
}
