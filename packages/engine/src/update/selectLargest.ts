/**
 * Chooses the k largest magnitudes in the total order (magnitude descending, index ascending), without sorting. Source:
 * spec/update.md, Compression.
 */

/** A u32 is up to three digits of 11 bits, the highest of which has ten: small tables, and few looks at the values. */
const digitBits = 11;
const histogram = new Uint32Array(1 << digitBits);

/**
 * `magnitudes` holds u32 values; zeros are never chosen. Returns ascending indices, `count` of them or as many as there are
 * non-zero magnitudes.
 */
export function selectLargest(magnitudes: Uint32Array, count: number): Uint32Array {
  let nonZero = 0;
  let used = 0;
  for (let i = 0; i < magnitudes.length; i += 1) {
    used |= magnitudes[i]!;
    if (magnitudes[i] !== 0) nonZero += 1;
  }
  const chosen = Math.min(count, nonZero);
  if (chosen === 0) return new Uint32Array(0);
  // The digits of the least value that is chosen, from the highest, and how many of exactly that value are.
  let threshold = 0;
  let ties = chosen;
  const digits = Math.ceil((32 - Math.clz32(used)) / digitBits);
  for (let shift = (digits - 1) * digitBits; shift >= 0; shift -= digitBits) {
    const { digit, left } = digitOfLeast(magnitudes, ties, threshold, shift);
    threshold = threshold * 2 ** digitBits + digit;
    ties = left;
  }
  const indices = new Uint32Array(chosen);
  let length = 0;
  for (let i = 0; i < magnitudes.length; i += 1) {
    const value = magnitudes[i]!;
    if (value > threshold || (value === threshold && ties > 0)) {
      if (value === threshold) ties -= 1;
      indices[length] = i;
      length += 1;
    }
  }
  return indices;
}

/**
 * Among the values that begin with the digits `above`, the next digit of the `count`-th largest, and how many values with that very
 * digit are still to be chosen.
 */
function digitOfLeast(
  values: Uint32Array,
  count: number,
  above: number,
  shift: number,
): { readonly digit: number; readonly left: number } {
  const first = above * 2 ** (shift + digitBits);
  const end = first + 2 ** (shift + digitBits);
  const mask = (1 << digitBits) - 1;
  histogram.fill(0);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (value !== 0 && value >= first && value < end) histogram[(value >>> shift) & mask]! += 1;
  }
  let left = count;
  for (let digit = histogram.length - 1; ; digit -= 1) {
    if (histogram[digit]! >= left) return { digit, left };
    left -= histogram[digit]!;
  }
}
