/**
 * Chooses the k largest magnitudes in the total order (magnitude descending, index ascending), without sorting. Source:
 * spec/update.md, Compression.
 */

const lowBits = 16;

/**
 * `magnitudes` holds u32 values; zeros are never chosen. Returns ascending indices, `count` of them or as many as there are
 * non-zero magnitudes.
 */
export function selectLargest(magnitudes: Uint32Array, count: number): Uint32Array {
  const nonZero = countWhere(magnitudes, (value) => value !== 0);
  const chosen = Math.min(count, nonZero);
  if (chosen === 0) return new Uint32Array(0);
  const high = thresholdOf(
    magnitudes,
    chosen,
    (value) => value >>> lowBits,
    () => true,
  );
  const low = thresholdOf(
    magnitudes,
    high.left,
    (value) => value & ((1 << lowBits) - 1),
    (value) => value >>> lowBits === high.digit,
  );
  const threshold = high.digit * 2 ** lowBits + low.digit;
  const indices = new Uint32Array(chosen);
  let length = 0;
  let ties = low.left;
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
 * Among the values that belong, the digit at which the `count`-th largest lies, and how many values of that very digit
 * are still to be chosen.
 */
function thresholdOf(
  values: Uint32Array,
  count: number,
  digitOf: (value: number) => number,
  belongs: (value: number) => boolean,
): { readonly digit: number; readonly left: number } {
  const histogram = new Uint32Array(1 << lowBits);
  for (const value of values) {
    if (value !== 0 && belongs(value)) histogram[digitOf(value)]! += 1;
  }
  let left = count;
  for (let digit = histogram.length - 1; ; digit -= 1) {
    if (histogram[digit]! >= left) return { digit, left };
    left -= histogram[digit]!;
  }
}

function countWhere(values: Uint32Array, test: (value: number) => boolean): number {
  let count = 0;
  for (const value of values) if (test(value)) count += 1;
  return count;
}
