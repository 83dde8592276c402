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

// A query row i and a key row j that it sees, with the product of their rows in slots 0 and 2, and of those
// in slots 6 and 4 where these are do8 and v8.
struct Pair {
  i: i32,
  j: i32,
  product: i32,
  gradient: i32,
}

// Slots: q8 0, qe 1, k8 2, ke 3.
fn score(p: Pair) -> i32 {
  let shift = max(at(1u, p.i, 0) + at(3u, p.j, 0) - 4, -24);
  return rshClamped(p.product * param(4), shift, SAT30);
}

fn exponential(p: Pair, largest: i32) -> i32 {
  return exp2n(u32(largest) - u32(score(p)));
}

fn withGradient() -> bool {
  return true;
}

fn withoutGradient() -> bool {
  return false;
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
fn weightOf(p: Pair, largest: u32, sum: u32) -> i32 {
  return probability(exponential(p, at(largest, p.i, 0)), normaliser(at(sum, p.i, 0)));
}

// The length of a chunk of a statistic: of `attention.gradientMagnitude`, which has no scale, and of the others.
fn chunkOfValues() -> i32 {
  return param(4);
}

fn chunkOfScores() -> i32 {
  return param(5);
}

fn noScore() -> i32 {
  return -SAT30;
}

fn nothing() -> i32 {
  return 0;
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

fn exponentialTerm(p: Pair) -> i32 {
  return exponential(p, at(4u, p.i, 0)) >> 12u;
}

// Slots: max 4, ve 5, x 6.
fn alignedWeight(p: Pair) -> i32 {
  let shift = at(6u, firstKey(p.i) + keyCount(p.i) - 1, 0) + at(5u, p.j, 0) - 14;
  return rshClamped(exponential(p, at(4u, p.i, 0)), shift, 16383);
}

// RSH(RSH(sum of w v, 4) * R, L + 21 - x) in 30 bits, from the sums of both limbs of the weights.
fn contextOf(low: i32, high: i32, z: Normaliser, align: i32) -> i32 {
  let sum = rshWide(add(wide(low), shiftLeft(wide(high), 7u)), 4);
  return sat30(rshWide(multiplyWide(sum, z.reciprocal), z.length + 21 - align));
}

// Slots of the context: w 0, v 1, sum 2, x 3.
fn finishContext(row: i32, low: i32, high: i32) -> i32 {
  let align = at(3u, firstKey(row) + keyCount(row) - 1, 0);
  return contextOf(low, high, normaliser(at(2u, row, 0)), align);
}

fn finishGradient(row: i32, low: i32, high: i32) -> i32 {
  return low + (high << 7u);
}

// The keys that a tile of query rows sees, and the queries that see a tile of key rows.
fn keysOfTile(first: i32, last: i32) -> vec2<i32> {
  return vec2<i32>(0, keyCount(last));
}

fn queriesOfTile(first: i32, last: i32) -> vec2<i32> {
  return vec2<i32>(first - firstQuery(first), param(2));
}

// Slots: do8 0, doe 1, v8 2, ve 3.
fn gradientTerm(p: Pair) -> i32 {
  return magnitudeOf(p.product, at(1u, p.i, 0) + at(3u, p.j, 0));
}

// Slots: q8 0, qe 1, k8 2, ke 3, v8 4, ve 5, do8 6, doe 7, max 8, sum 9, dpm 10, delta 11.
fn weightGradient(p: Pair) -> i32 {
  return quantise(p.gradient, at(7u, p.i, 0) + at(5u, p.j, 0), at(10u, p.i, 0), 16);
}

fn scoreGradient(p: Pair) -> i32 {
  return weightOf(p, 8u, 9u) * (weightGradient(p) - rsh(at(11u, p.i, 0), 15));
}

fn scoreGradientExponent(i: i32) -> i32 {
  return exponentOf(at(10u, i, 0), 16) + 15;
}

fn deltaTerm(p: Pair) -> i32 {
  return weightOf(p, 8u, 9u) * weightGradient(p);
}

fn queryTerm(p: Pair) -> i32 {
  return magnitudeOf(scoreGradient(p), scoreGradientExponent(p.i) + at(3u, p.j, 0));
}

// Slot 12: dm.
fn queryWeight(p: Pair) -> i32 {
  let e = scoreGradientExponent(p.i) + at(3u, p.j, 0);
  return quantise(scoreGradient(p), e, at(12u, p.i, 0), 8);
}

fn keyTerm(p: Pair) -> i32 {
  return magnitudeOf(scoreGradient(p), scoreGradientExponent(p.i) + at(1u, p.i, 0));
}

// Slot 12: km.
fn keyWeight(p: Pair) -> i32 {
  let e = scoreGradientExponent(p.i) + at(1u, p.i, 0);
  return quantise(scoreGradient(p), e, at(12u, p.j, 0), 8);
}

// Slots: q8 0, qe 1, k8 2, ke 3, doe 4, max 5, sum 6, km 7.
fn valueTerm(p: Pair) -> i32 {
  return magnitudeOf(weightOf(p, 5u, 6u), at(4u, p.i, 0) + 15);
}

fn valueWeight(p: Pair) -> i32 {
  return quantise(weightOf(p, 5u, 6u), at(4u, p.i, 0) + 15, at(7u, p.j, 0), 8);
}
