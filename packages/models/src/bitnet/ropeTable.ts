/**
 * The rotary table: cosines and sines of position * base^(-2i/size), Q14, rounded to nearest, as i16 [positions, size] with the
 * cosines first. Computed in fixed point with 160 fraction bits, so that every machine finds the same bytes; the table is a
 * weight of the model and is committed like one.
 */
const F = 160n;
const ONE = 1n << F;

const times = (a: bigint, b: bigint): bigint => (a * b) >> F;

/** ln(2) = 2 atanh(1/3). */
const LN_2 = 2n * artanh(ONE / 3n);

/** atanh(x) for 0 <= x <= 1/3. */
function artanh(x: bigint): bigint {
  const square = times(x, x);
  let power = x;
  let sum = 0n;
  for (let k = 1n; power > 0n; k += 2n) {
    sum += power / k;
    power = times(power, square);
  }
  return sum;
}

/** Natural logarithm of an integer n >= 1. */
function logarithm(n: bigint): bigint {
  const halvings = BigInt(n.toString(2).length - 1);
  const mantissa = (n << F) >> halvings;
  return halvings * LN_2 + 2n * artanh(((mantissa - ONE) << F) / (mantissa + ONE));
}

/** e^-x for x >= 0. */
function decay(x: bigint): bigint {
  const halvings = x / LN_2;
  const rest = x - halvings * LN_2;
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term !== 0n; k++) {
    term = -times(term, rest) / k;
    sum += term;
  }
  return sum >> halvings;
}

/** (cos, sin) of 0 <= x <= 1. */
function circle(x: bigint): readonly [bigint, bigint] {
  const square = times(x, x);
  let cosine = 0n;
  let sine = 0n;
  let term = ONE;
  for (let k = 1n; term !== 0n; k += 2n) {
    cosine += term;
    const odd = times(term, x) / k;
    sine += odd;
    term = -times(term, square) / (k * (k + 1n));
  }
  return [cosine, sine];
}

const roundQ14 = (x: bigint): number => Number((x + (1n << (F - 15n))) >> (F - 14n));

/** Storage bytes of the table. `base` is an integer, at least 2; `size` is even. */
export function ropeTable(options: {
  readonly base: number;
  readonly size: number;
  readonly positions: number;
}): Uint8Array {
  const { base, size, positions } = options;
  const half = size / 2;
  const bytes = new Uint8Array(positions * size * 2);
  const view = new DataView(bytes.buffer);
  const step = logarithm(BigInt(base));
  for (let i = 0; i < half; i++) {
    const [cosine, sine] = circle(decay((step * BigInt(2 * i)) / BigInt(size)));
    let c = ONE;
    let s = 0n;
    for (let position = 0; position < positions; position++) {
      const place = (position * size + i) * 2;
      view.setInt16(place, roundQ14(c), true);
      view.setInt16(place + half * 2, roundQ14(s), true);
      [c, s] = [times(c, cosine) - times(s, sine), times(s, cosine) + times(c, sine)];
    }
  }
  return bytes;
}
