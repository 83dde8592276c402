/**
 * Reads an update from bytes that anyone may have written. What is accepted is the one encoding of its update; everything
 * else is refused with the tensor and the reason. Source: spec/update.md, Bytes.
 */
import { R3mesError } from "@r3mes/protocol";
import { BitReader } from "./bitStream.ts";
import {
  keptMax,
  riceBits,
  type TensorUpdate,
  type Update,
  type UpdateLayout,
  updateScaleMax,
} from "./updateLayout.ts";

export function decodeUpdate(layout: UpdateLayout, bytes: Uint8Array): Update {
  const count = readU32(bytes, 0);
  if (count === null) throw truncated(0);
  if (count !== layout.elements.length) {
    throw new R3mesError({
      code: "UPDATE_WRONG_TENSORS",
      expected: layout.elements.length,
      actual: count,
    });
  }
  let at = 4;
  const update = layout.elements.map((elements, tensor) => {
    const read = decodeTensor(bytes, at, tensor, elements, layout.keptPerMille);
    at = read.end;
    return read.update;
  });
  if (at !== bytes.length) {
    throw notCanonical(layout.elements.length - 1, `${bytes.length - at} bytes follow the end`);
  }
  return update;
}

function decodeTensor(
  bytes: Uint8Array,
  offset: number,
  tensor: number,
  elements: number,
  keptPerMille: number,
): { readonly update: TensorUpdate; readonly end: number } {
  const scale = readU32(bytes, offset);
  const kept = readU32(bytes, offset + 4);
  if (scale === null || kept === null) throw truncated(tensor);
  const max = keptMax(elements, keptPerMille);
  if (kept > max) throw notCanonical(tensor, `keeps ${kept} elements of at most ${max}`);
  if (scale > updateScaleMax) throw notCanonical(tensor, `has scale ${scale}`);
  if ((scale === 0) !== (kept === 0))
    throw notCanonical(tensor, `has scale ${scale}, keeps ${kept}`);
  const reader = new BitReader(bytes, offset + 8);
  const update = { scale, ...readEntries(reader, tensor, kept, elements, keptPerMille) };
  const end = reader.alignToByte();
  if (end === null) throw notCanonical(tensor, "has padding that is not zero");
  return { update, end };
}

function readEntries(
  reader: BitReader,
  tensor: number,
  kept: number,
  elements: number,
  keptPerMille: number,
): Pick<TensorUpdate, "indices" | "negative"> {
  const rice = riceBits(elements, keptPerMille);
  const indices = new Uint32Array(kept);
  const negative = new Uint8Array(kept);
  let previous = -1;
  for (let entry = 0; entry < kept; entry += 1) {
    const quotient = reader.unary(elements >>> rice);
    const remainder = quotient === null ? null : reader.bits(rice);
    const sign = remainder === null ? null : reader.bit();
    if (quotient === null || remainder === null || sign === null) throw truncated(tensor);
    const index = previous + 1 + quotient * 2 ** rice + remainder;
    if (index >= elements) throw notCanonical(tensor, `names element ${index} of ${elements}`);
    indices[entry] = index;
    negative[entry] = sign;
    previous = index;
  }
  return { indices, negative };
}

function readU32(bytes: Uint8Array, at: number): number | null {
  if (at + 4 > bytes.length) return null;
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true);
}

function truncated(tensor: number): R3mesError {
  return new R3mesError({ code: "UPDATE_TRUNCATED", tensor });
}

function notCanonical(tensor: number, what: string): R3mesError {
  return new R3mesError({ code: "UPDATE_NOT_CANONICAL", tensor, what });
}
