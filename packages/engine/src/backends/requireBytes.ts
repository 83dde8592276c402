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

/** Code 3 reads as +2, which no tensor of a model may hold. A model has gigabytes of codes, so four bytes are looked at together. */
export function requireTernary(tensor: Tensor, bytes: Uint8Array): void {
  const isAligned = bytes.byteOffset % Uint32Array.BYTES_PER_ELEMENT === 0;
  const words = isAligned
    ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : new Uint32Array(0);
  let clean = 0;
  while (clean < words.length && !hasThree(words[clean]!)) clean += 1;
  let place = clean * Uint32Array.BYTES_PER_ELEMENT;
  while (place < bytes.length && !hasThree(bytes[place]!)) place += 1;
  if (place === bytes.length) return;
  throw new R3mesError({ code: "TENSOR_BYTES_INVALID", tensor: tensor.name, value: "2", place });
}

function hasThree(codes: number): boolean {
  return (codes & (codes >>> 1) & 0x5555_5555) !== 0;
}
