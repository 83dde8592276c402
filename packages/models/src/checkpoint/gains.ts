/** Gains of a norm in i16, Q12 (spec/arithmetic.md), for which they must be below 8. */

/** The largest magnitude that a gain may have after rounding. */
const GAIN_MAX = 32767;
const GAIN_BITS = 12;

/**
 * A norm's output is scaled to int8 by its own maximum, so a common factor of its gains can move into the scale of the linears
 * behind it without changing a code. Gains that are too large are halved until they fit.
 *
 * @returns i16 storage of gain * 2^(12 - shift), and the shift that the linears' scales must give back
 */
export function quantiseGain(gain: Float32Array): {
  readonly storage: Uint8Array;
  readonly shift: number;
} {
  let largest = 0;
  for (const value of gain) largest = Math.max(largest, Math.abs(value));
  let shift = 0;
  while (largest * 2 ** (GAIN_BITS - shift) > GAIN_MAX) shift += 1;
  const storage = new Uint8Array(2 * gain.length);
  const view = new DataView(storage.buffer);
  for (const [i, value] of gain.entries()) {
    view.setInt16(2 * i, Math.floor(value * 2 ** (GAIN_BITS - shift) + 0.5), true);
  }
  return { storage, shift };
}
