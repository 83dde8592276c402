/**
 * Storage form: the bytes of a tensor, and of one tile of it, as they are kept, sent and hashed. Elements stand row by row,
 * little-endian; ternary ones as P16 blocks of 16 rows x 16 columns (spec/step-program.md section 2).
 */
import { R3mesError } from "@r3mes/protocol";
import { divFloor } from "../arithmetic/integer.ts";
import type { Dtype, Tensor } from "../program/program.ts";
import { createMatrix, type Matrix } from "./matrix.ts";

const BITS: Readonly<Record<Dtype, number>> = { t2: 2, i8: 8, i16: 16, i32: 32, i64: 64 };

/** Smallest and largest value of the types that are narrower than the memory that holds them. */
const RANGE: Readonly<Record<"t2" | "i8" | "i16", readonly [number, number]>> = {
  t2: [-1, 1],
  i8: [-128, 127],
  i16: [-32768, 32767],
};

/** Bytes of a block of rows x columns elements. */
export function blockBytes(dtype: Dtype, rows: number, columns: number): number {
  return divFloor(rows * columns * BITS[dtype] + 7, 8);
}

/** Bytes of a whole tensor in storage form. */
export function tensorBytes(tensor: Tensor): number {
  return blockBytes(tensor.dtype, tensor.rows, tensor.columns);
}

/** Byte and bit of ternary element (row, column) in a block of `columns` columns: u32 P[rows/16][columns/16][16]. */
function packedPlace(row: number, column: number, columns: number): { byte: number; bit: number } {
  const block = (row >> 4) * (columns >> 4) + (column >> 4);
  return {
    byte: block * 64 + (row & 15) * 4 + (column & 3),
    bit: ((column >> 2) & 3) * 2,
  };
}

/** Whether this machine keeps elements of 32 bits as storage does. */
const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

type Get = (row: number, column: number) => number | bigint;

/** Writes a block of elements; `get` is asked row by row. */
export function packBlock(dtype: Dtype, rows: number, columns: number, get: Get): Uint8Array {
  if (dtype === "i32" && isLittleEndian) return packInt32s(rows, columns, get);
  const bytes = new Uint8Array(blockBytes(dtype, rows, columns));
  const view = new DataView(bytes.buffer);
  let place = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = get(row, column);
      if (dtype === "t2") {
        const { byte, bit } = packedPlace(row, column, columns);
        bytes[byte] = bytes[byte]! | ((Number(value) + 1) << bit);
      } else if (dtype === "i8") view.setInt8(place, Number(value));
      else if (dtype === "i16") view.setInt16(place * 2, Number(value), true);
      else if (dtype === "i32") view.setInt32(place * 4, Number(value), true);
      else view.setBigInt64(place * 8, BigInt(value), true);
      place += 1;
    }
  }
  return bytes;
}

/** Tokens and positions are written before every step of an answer. */
function packInt32s(rows: number, columns: number, get: Get): Uint8Array {
  const values = new Int32Array(rows * columns);
  let place = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      values[place] = Number(get(row, column));
      place += 1;
    }
  }
  return new Uint8Array(values.buffer);
}

/** Reads a block of elements. A ternary code of 3 reads as 2, which no tensor of a model may hold. */
export function unpackBlock(
  dtype: Dtype,
  rows: number,
  columns: number,
  bytes: Uint8Array,
): Int32Array | BigInt64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (dtype === "i64") {
    return BigInt64Array.from({ length: rows * columns }, (_, i) => view.getBigInt64(i * 8, true));
  }
  if (dtype === "t2") return unpackTernary(rows, columns, bytes);
  const values = new Int32Array(rows * columns);
  // One loop for each type: scores of a vocabulary are read for every token of an answer.
  if (dtype === "i8") for (let i = 0; i < values.length; i++) values[i] = view.getInt8(i);
  else if (dtype === "i16") {
    for (let i = 0; i < values.length; i++) values[i] = view.getInt16(i * 2, true);
  } else if (isLittleEndian && bytes.length >= values.byteLength) {
    new Uint8Array(values.buffer).set(bytes.subarray(0, values.byteLength));
  } else for (let i = 0; i < values.length; i++) values[i] = view.getInt32(i * 4, true);
  return values;
}

/** Elements of 32 bits: the bytes themselves as numbers, where they lie as this machine keeps numbers, and else a copy. */
export function viewInt32s(bytes: Uint8Array): Int32Array {
  const { buffer, byteOffset, length } = bytes;
  if (isLittleEndian && byteOffset % 4 === 0)
    return new Int32Array(buffer, byteOffset, length >> 2);
  return unpackBlock("i32", 1, length >> 2, bytes) as Int32Array;
}

function unpackTernary(rows: number, columns: number, bytes: Uint8Array): Int32Array {
  const values = new Int32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const { byte, bit } = packedPlace(row, column, columns);
      values[row * columns + column] = ((bytes[byte]! >> bit) & 3) - 1;
    }
  }
  return values;
}

/** Storage form of a matrix. A value outside the tensor's type is refused. */
export function toStorage(tensor: Tensor, matrix: Matrix): Uint8Array {
  requireRange(tensor, matrix.values);
  return packBlock(tensor.dtype, tensor.rows, tensor.columns, (row, column) =>
    tensor.dtype === "i64" ? matrix.wide(row, column) : matrix.at(row, column),
  );
}

/** The matrix of a tensor's storage form; refuses another length and reserved codes. */
export function fromStorage(tensor: Tensor, bytes: Uint8Array): Matrix {
  if (bytes.length !== tensorBytes(tensor)) {
    throw new R3mesError({
      code: "TENSOR_BYTES_INVALID",
      tensor: tensor.name,
      bytes: bytes.length,
      expected: tensorBytes(tensor),
    });
  }
  const values = unpackBlock(tensor.dtype, tensor.rows, tensor.columns, bytes);
  requireRange(tensor, values);
  return createMatrix(tensor, values);
}

function requireRange(tensor: Tensor, values: Int32Array | BigInt64Array): void {
  if (tensor.dtype === "i32" || tensor.dtype === "i64") return;
  const [min, max] = RANGE[tensor.dtype];
  for (const value of values) {
    if (value < min || value > max) {
      throw new R3mesError({
        code: "TENSOR_BYTES_INVALID",
        tensor: tensor.name,
        value: String(value),
      });
    }
  }
}
