/** The two constants of a head size, rounded in exact arithmetic so that every builder finds the same program. */

/** log2(e) * 2^60, rounded to nearest. */
const LOG2_E_60 = 1663314137230540311n;

function isqrt(x: bigint): bigint {
  let root = 1n << BigInt((x.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + x / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

/** round(2^12 * log2(e) / sqrt(size)): scores in log2 units from products of int8 heads. */
export function scoreScale(size: number): number {
  // 2^61 times the constant squared, so that the root has 61 fraction bits; then one rounding.
  const square = (LOG2_E_60 * LOG2_E_60 * 2n ** 26n) / BigInt(size);
  return Number((isqrt(square) + 2n ** 60n) >> 61n);
}

/** round(2^15 / sqrt(size)): the factor that the gradients of queries and keys owe to the scaled product. */
export function inverseRoot(size: number): number {
  const square = 2n ** 152n / BigInt(size);
  return Number((isqrt(square) + 2n ** 60n) >> 61n);
}
