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
  let previous = -1;
  indices.forEach((index, entry) => {
    const gap = index - previous - 1;
    for (let i = gap >>> rice; i > 0; i -= 1) out.bit(1);
    out.bit(0);
    out.bits(gap, rice);
    out.bit(negative[entry]!);
    previous = index;
  });
  return out.toBytes();
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}
