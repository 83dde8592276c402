/**
 * The integer primitives of spec/arithmetic.md section 2. Everything the engine computes is built from these.
 *
 * A JavaScript number holds every integer up to 2^53 exactly, and sums, differences and products of such integers are
 * exact while the result stays inside. Every use in this package has a proven bound below 2^53 (the op files state it
 * and `checkBounds` checks it for a model); wider values are bigint. No fraction ever exists: the only divisions are
 * `divTrunc`, `divFloor` and the shift in `rsh`, and each says why it is exact.
 */

/** 2^k for 0 <= k <= 1000, by doubling: exact, and free of any platform's power function. */
const POWERS: readonly number[] = (() => {
  const powers = [1];
  for (let k = 1; k <= 1000; k++) powers.push(powers[k - 1]! * 2);
  return powers;
})();

/** 2^k for 0 <= k <= 1000. */
export function pow2(k: number): number {
  const power = POWERS[k];
  if (power === undefined) throw new RangeError(`pow2: exponent ${k} outside 0..1000`);
  return power;
}

/** Number of bits of |x|; 0 for 0. Exact for |x| < 2^53. */
export function bitLength(x: number): number {
  const magnitude = x < 0 ? -x : x;
  const high = Math.floor(magnitude * 2 ** -32);
  return high > 0 ? 64 - Math.clz32(high) : 32 - Math.clz32(magnitude);
}

/**
 * RSH: shift right by s with rounding half up, floor((x + 2^(s-1)) / 2^s); for s <= 0 the product x * 2^-s.
 * It is defined over the integers, for any s, so no width-sized shift has a meaning of its own.
 * Exact for |x| <= 2^52: the sum stays below 2^53 up to s = 52, scaling by a power of two loses nothing, and beyond
 * s = 53 the half exceeds |x| so that the result is 0. A left shift may leave 2^53; it scales a power of two and is
 * exact too, and every caller clamps it or proves it small.
 */
export function rsh(x: number, s: number): number {
  if (s <= 0) return x === 0 ? 0 : x * pow2(-s);
  if (s > 53) return 0;
  return Math.floor((x + pow2(s - 1)) / pow2(s));
}

/** x clamped to -limit..limit. */
export function clamp(x: number, limit: number): number {
  return x > limit ? limit : x < -limit ? -limit : x;
}

/** SAT30: x clamped to -2^30..2^30, applied after every epilogue and every residual addition. */
export function sat30(x: number): number {
  return clamp(x, 0x40000000);
}

/**
 * Quotient rounded toward minus infinity, for |a| < 2^53 and b >= 1. The machine rounds the quotient q = a/b to
 * 53 bits, an error below |q| * 2^-53 < 1/b; the true quotient of integers is at least 1/b away from the next
 * integer, so rounding cannot reach it and the floor is exact.
 */
export function divFloor(a: number, b: number): number {
  return Math.floor(a / b);
}

/** Quotient rounded toward zero, for |a| < 2^53 and b >= 1; exact as in `divFloor`. */
export function divTrunc(a: number, b: number): number {
  const quotient = Math.trunc(a / b);
  return quotient === 0 ? 0 : quotient;
}

/** Quotient rounded to nearest, halves away from zero, for |a| < 2^52 and 1 <= b < 2^31. */
export function divRound(a: number, b: number): number {
  const half = divFloor(b, 2);
  return a >= 0 ? divFloor(a + half, b) : -divFloor(half - a, b) || 0;
}

/** ISQRT: floor of the square root of 0 <= x < 2^52, by integer Newton steps from above. */
export function isqrt(x: number): number {
  if (x === 0) return 0;
  let root = pow2((bitLength(x) + 1) >> 1);
  for (;;) {
    const next = divFloor(root + divFloor(x, root), 2);
    if (next >= root) return root;
    root = next;
  }
}

/** ISQRT for wide values, 0 <= x < 2^64. */
export function isqrtWide(x: bigint): bigint {
  if (x === 0n) return 0n;
  let root = 1n << BigInt((x.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + x / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** RSH for wide values and 0 < s < 64. */
export function rshWide(x: bigint, s: bigint): bigint {
  return (x + (1n << (s - 1n))) >> s;
}
