/**
 * Rows of a ternary matrix as codes (weight plus one), out of each of the published forms. Nothing is rounded here but the
 * master weights, and those exactly as the reference implementation (`transformers`, integrations/bitnet.py) does.
 */
import { R3mesError } from "@r3mes/protocol";

/** Gives the codes of one row: 0, 1, 2 for -1, 0, 1. */
export type CodeRow = (row: number, codes: Uint8Array) => void;

/** Where a refused value stands. */
export interface TensorPlace {
  readonly file: string;
  readonly tensor: string;
}

/**
 * Packed weights, U8 [rows / 4, columns]: stored row j holds the rows j, j + R, j + 2R, j + 3R (R = rows / 4) in its bit
 * pairs, lowest first.
 *
 * @throws CHECKPOINT_VALUE_INVALID for a pair that is none of 0, 1, 2
 */
export function packedCodes(
  packed: Uint8Array,
  shape: { readonly rows: number; readonly columns: number },
  place: TensorPlace,
): CodeRow {
  const storedRows = shape.rows / 4;
  const { columns } = shape;
  return (row, codes) => {
    const shift = 2 * Math.floor(row / storedRows);
    const start = (row % storedRows) * columns;
    for (let column = 0; column < columns; column += 1) {
      const code = (packed[start + column]! >> shift) & 3;
      if (code === 3) {
        throw new R3mesError({ code: "CHECKPOINT_VALUE_INVALID", ...place, row, column, found: 2 });
      }
      codes[column] = code;
    }
  };
}

/** The least mean magnitude, as in the reference implementation. */
const MEAN_MIN = Math.fround(1e-5);

/** The mean magnitude of master weights, in float32; the sum is exact to a double's precision. */
export function meanMagnitude(weights: Float32Array): number {
  let sum = 0;
  for (const weight of weights) sum += Math.abs(weight);
  return Math.max(Math.fround(sum / weights.length), MEAN_MIN);
}

/** Master weights, [rows, columns]: clamp(round(w / mean), -1, 1), halves to even, so a half becomes 0. */
export function masterCodes(weights: Float32Array, columns: number, mean: number): CodeRow {
  const inverse = Math.fround(1 / mean);
  return (row, codes) => {
    const start = row * columns;
    for (let column = 0; column < columns; column += 1) {
      const scaled = Math.fround(weights[start + column]! * inverse);
      codes[column] = scaled > 0.5 ? 2 : scaled < -0.5 ? 0 : 1;
    }
  };
}
