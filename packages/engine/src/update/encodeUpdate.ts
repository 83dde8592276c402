/** The one encoding of an update. Source: spec/update.md, Bytes. */
import { BitWriter } from "./bitStream.ts";
import { riceBits, type TensorUpdate, type Update, type UpdateLayout } from "./updateLayout.ts";

export function encodeUpdate(layout: UpdateLayout, update: Update): Uint8Array {
  const parts = [u32(update.length)];
  update.forEach((tensor, i) => {
    parts.push(u32(tensor.scale), u32(tensor.indices.length));
    parts.push(encodeEntries(tensor, riceBits(layout.elements[i]!, layout.keptPerMille)));
  });
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function encodeEntries({ indices, negative }: TensorUpdate, rice: number): Uint8Array {
  const out = new BitWriter();
  let next = 0;
  for (let entry = 0; entry < indices.length; entry += 1) {
    const gap = indices[entry]! - next;
    out.unary(gap >>> rice);
    out.bits(gap, rice);
    out.bits(negative[entry]!, 1);
    next = indices[entry]! + 1;
  }
  return out.toBytes();
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}
