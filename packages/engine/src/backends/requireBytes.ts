/** Refuses bytes that no tensor may hold, before a device sees them. */
import { R3mesError } from "@r3mes/protocol";
import type { Tensor } from "../program/program.ts";
import { tensorBytes } from "../tensor/storage.ts";
import type { RowRange } from "./backend.ts";

export function requireLength(tensor: Tensor, bytes: Uint8Array): void {
  const expected = tensorBytes(tensor);
  if (bytes.length === expected) return;
  throw new R3mesError({
    code: "TENSOR_BYTES_INVALID",
    tensor: tensor.name,
    bytes: bytes.length,
    expected,
  });
}

/** Some rows of a tensor as a tensor, and where their bytes begin in it. Throws TENSOR_BYTES_INVALID if it has no such rows. */
export function rowsOf(
  tensor: Tensor,
  rows: RowRange = { first: 0, count: tensor.rows },
): { readonly tensor: Tensor; readonly at: number } {
  const { first, count } = rows;
  const isWhole = first === 0 && count === tensor.rows;
  const isWithin = first >= 0 && count >= 1 && first + count <= tensor.rows;
  if (!isWhole && (!isWithin || tensor.dtype === "t2")) {
    throw new R3mesError({ code: "TENSOR_BYTES_INVALID", tensor: tensor.name, first, count });
  }
  return {
    tensor: { ...tensor, rows: count },
    at: tensorBytes({ ...tensor, rows: first }),
  };
}

/** Code 3 reads as +2, which no tensor of a model may hold. */
export function requireTernary(tensor: Tensor, bytes: Uint8Array): void {
  const place = bytes.findIndex((byte) => (byte & (byte >> 1) & 0x55) !== 0);
  if (place < 0) return;
  throw new R3mesError({ code: "TENSOR_BYTES_INVALID", tensor: tensor.name, value: "2", place });
}
