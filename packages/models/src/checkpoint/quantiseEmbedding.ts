/**
 * The embedding in the two forms that the engine reads: exact rows for the first residual (i32, Q16), and int8 rows with one
 * mantissa each for the head (spec/arithmetic.md). All mantissas share one exponent.
 */

/** Fraction bits of the residual stream. */
const RESIDUAL_BITS = 16;
/** A residual keeps 30 bits; a value of 2^13 or more is no embedding. */
const RESIDUAL_MAX = 2 ** 30 - 1;

/**
 * round(value * 2^16), halves up, of each value, as i32 storage.
 *
 * @param refuse is called with the position of a value that does not fit the residual
 */
export function residualsOf(values: Float32Array, refuse: (position: number) => never): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < values.length; i += 1) {
    const fixed = Math.floor(values[i]! * 2 ** RESIDUAL_BITS + 0.5);
    if (Math.abs(fixed) > RESIDUAL_MAX) refuse(i);
    view.setInt32(4 * i, fixed, true);
  }
  return bytes;
}

/** The shared exponent for rows whose largest magnitude over all is `largest`: the largest row scale gets 15 bits. */
export function headExponent(largest: number): number {
  let exponent = 0;
  let scaled = largest / 127;
  while (scaled < 16384) {
    scaled *= 2;
    exponent += 1;
  }
  while (scaled >= 32767.5) {
    scaled /= 2;
    exponent -= 1;
  }
  return exponent;
}

/** One row of the head: codes * mantissa * 2^-exponent. A row of zeros has mantissa 0. */
export function quantiseHeadRow(
  row: Float32Array,
  exponent: number,
): { readonly codes: Int8Array; readonly mantissa: number } {
  let largest = 0;
  for (const value of row) largest = Math.max(largest, Math.abs(value));
  const unit = 2 ** exponent;
  // The mantissa is rounded up, so that no code needs more than 127.
  const mantissa = Math.min(32767, Math.ceil((largest / 127) * unit));
  const codes = new Int8Array(row.length);
  for (let i = 0; i < row.length && mantissa > 0; i += 1) {
    const code = Math.floor((row[i]! * unit) / mantissa + 0.5);
    codes[i] = Math.max(-127, Math.min(127, code));
  }
  return { codes, mantissa };
}
