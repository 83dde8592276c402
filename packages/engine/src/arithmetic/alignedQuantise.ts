/**
 * AQ, the one quantiser of the engine (spec/arithmetic.md section 4).
 *
 * A set of values x_j * 2^-e_j has the magnitude M: the smallest power of two that bounds them all, 2^M. Every value is
 * rounded once to b signed bits of 2^M. Rows with one exponent, blocks with many, nearest to the old names QROW and
 * QBLK, are all this rule. Magnitudes combine by maximum in any order; a masked element is absent, not zero.
 */
import { bitLength, clamp, pow2, rsh } from "./integer.ts";

/** Magnitude of a set without a non-zero element. */
export const NO_MAGNITUDE = -16384;

/** Exponent of a row that is zero throughout: so large that it never wins a minimum. */
export const ZERO_EXPONENT = 16384;

/** Magnitude of one value x * 2^-e. */
export function magnitudeOf(x: number, e: number): number {
  return x === 0 ? NO_MAGNITUDE : bitLength(x) - e;
}

/** The largest b-bit mantissa, 2^(b-1) - 1; the smallest is its negative. */
export function mantissaMax(bits: number): number {
  return pow2(bits - 1) - 1;
}

/** The mantissa of x * 2^-e at magnitude M in b bits: clamp(RSH(x, M + e - (b-1))). 0 without a magnitude. */
export function quantise(x: number, e: number, magnitude: number, bits: number): number {
  if (magnitude === NO_MAGNITUDE) return 0;
  return clamp(rsh(x, magnitude + e - (bits - 1)), mantissaMax(bits));
}

/** Exponent of the quantised values: mantissa q stands for q * 2^-exponent. */
export function exponentOf(magnitude: number, bits: number): number {
  return magnitude === NO_MAGNITUDE ? ZERO_EXPONENT : bits - 1 - magnitude;
}
