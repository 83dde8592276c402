/** The values of a tensor in memory, as the reference holds them: one i32 or i64 for each element, row by row. */
import { R3mesError } from "@r3mes/protocol";
import type { View } from "../ops/kind.ts";
import type { Tensor } from "../program/program.ts";

export interface Matrix extends View {
  readonly values: Int32Array | BigInt64Array;
  set(row: number, column: number, value: number | bigint): void;
}

/** Largest integer that a number holds exactly. */
const SAFE = 9007199254740991n;

/** A matrix of the tensor's size. `values` is adopted, or zeros. Access outside, and i64 read beyond 2^53, are refused. */
export function createMatrix(tensor: Tensor, values?: Int32Array | BigInt64Array): Matrix {
  const { rows, columns } = tensor;
  const data =
    values ??
    (tensor.dtype === "i64" ? new BigInt64Array(rows * columns) : new Int32Array(rows * columns));
  return data instanceof BigInt64Array ? wideMatrix(tensor, data) : new NarrowMatrix(tensor, data);
}

function outside(tensor: Tensor, row: number, column: number): never {
  throw new RangeError(`${tensor.name}: element (${row}, ${column}) is outside`);
}

/** A class only because the element access of the reference's inner loops must stay one inlined call. */
class NarrowMatrix implements Matrix {
  readonly values: Int32Array;
  private readonly tensor: Tensor;
  private readonly columns: number;

  constructor(tensor: Tensor, values: Int32Array) {
    this.tensor = tensor;
    this.columns = tensor.columns;
    this.values = values;
  }

  at(row: number, column: number): number {
    const value = this.values[row * this.columns + column];
    if (value === undefined || column >= this.columns || column < 0)
      return outside(this.tensor, row, column);
    return value;
  }

  wide(row: number, column: number): bigint {
    return BigInt(this.at(row, column));
  }

  set(row: number, column: number, value: number | bigint): void {
    const narrow = Number(value);
    if ((narrow | 0) !== narrow) {
      throw new R3mesError({
        code: "PROGRAM_BOUND_EXCEEDED",
        tensor: this.tensor.name,
        value: String(value),
      });
    }
    this.values[row * this.columns + column] = narrow;
  }
}

function wideMatrix(tensor: Tensor, values: BigInt64Array): Matrix {
  const wide = (row: number, column: number): bigint => {
    const value = values[row * tensor.columns + column];
    return value === undefined || column >= tensor.columns ? outside(tensor, row, column) : value;
  };
  return {
    values,
    wide,
    at: (row, column) => {
      const value = wide(row, column);
      if (value > SAFE || value < -SAFE) return outside(tensor, row, column);
      return Number(value);
    },
    set: (row, column, value) => {
      values[row * tensor.columns + column] = BigInt(value);
    },
  };
}
