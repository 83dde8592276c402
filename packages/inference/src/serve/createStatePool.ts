/** A text as one vector: the states of the backbone behind its last norm, averaged over its tokens and scaled to length 1. */
import { unpackBlock } from "@r3mes/engine";

export const pooledTensors = { rows: "finalNorm.x8", scales: "finalNorm.mantissa" } as const;

export interface StatePool {
  /**
   * @param rows int8 rows of the norm, storage bytes
   * @param scales one i32 for each row, storage bytes
   * @param count of rows that are tokens of the text
   */
  add(rows: Uint8Array, scales: Uint8Array, count: number): void;
  /** Length 1; all zero if every state was. */
  vector(): number[];
}

export function createStatePool(columns: number): StatePool {
  const sums = new Array<number>(columns).fill(0);
  return {
    add(rows, scales, count) {
      const values = int32s("i8", count, columns, rows.subarray(0, count * columns));
      const scaleOfRow = int32s("i32", count, 1, scales.subarray(0, 4 * count));
      for (let row = 0; row < count; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          // Exact: 2^7 times 2^31 times the tokens of a text is far below 2^53.
          sums[column] = sums[column]! + values[row * columns + column]! * scaleOfRow[row]!;
        }
      }
    },
    vector() {
      const length = Math.sqrt(sums.reduce((total, value) => total + value * value, 0));
      return length === 0 ? sums : sums.map((value) => value / length);
    },
  };
}

function int32s(dtype: "i8" | "i32", rows: number, columns: number, bytes: Uint8Array): Int32Array {
  return Int32Array.from(unpackBlock(dtype, rows, columns, bytes) as ArrayLike<number>);
}
