// Scores over the vocabulary: slots f8 0, e8 1, rowScale 2, exponent 3, m 4.

const RIGHT = 1u;
// None: the slot of no score.
const ADAPTER = 12u;
// round(2^16 * log2(e)) * 16: natural logits to log2 units.
const LOG2_E = 94548 * 16;

struct Row {
  scale: ShortScale,
}

fn rowOf(row: i32) -> Row {
  return Row(shortScale(divideShort(multiply(at(4u, row, 0), LOG2_E), 127u)));
}

fn finish(own: Row, row: i32, n: i32, sum: i32, adapted: i32) -> i32 {
  let scaled = rshWide(multiply(sum, at(2u, n, 0)), 8);
  return sat30(rshWide(multiplyWide(scaled, own.scale.c15), at(3u, 0, 0) + 8 - own.scale.k));
}
