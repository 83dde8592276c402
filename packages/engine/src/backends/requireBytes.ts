/** Refuses bytes that no tensor may hold, before a device sees them. */
import { R3mesError } from "@r3mes/protocol";
import type { Tensor } from "../program/program.ts";
import { tensorBytes } from "../tensor/storage.ts";

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

/** Code 3 reads as +2, which no tensor of a model may hold. */
export function requireTernary(tensor: Tensor, bytes: Uint8Array): void {
  const place = bytes.findIndex((byte) => (byte & (byte >> 1) & 0x55) !== 0);
  if (place < 0) return;
  throw new R3mesError({ code: "TENSOR_BYTES_INVALID", tensor: tensor.name, value: "2", place });
}
