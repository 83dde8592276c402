/** Safetensors files for tests, right or wrong on purpose. */
import type { ByteSource } from "../safetensors/byteSource.ts";

export interface GivenTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

/** A well-formed file with these tensors in this order. */
export function safetensorsFile(tensors: { readonly [name: string]: GivenTensor }): Uint8Array {
  const header: { [name: string]: unknown } = { __metadata__: { format: "pt" } };
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.length] };
    offset += data.length;
  }
  const data = Object.values(tensors).map((tensor) => tensor.data);
  return withHeader(JSON.stringify(header), Buffer.concat(data));
}

/** Any header text in front of any data. */
export function withHeader(header: string, data: Uint8Array): Uint8Array {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return new Uint8Array(Buffer.concat([length, text, data]));
}

/** Bytes as a source that records the largest piece that was asked for, and refuses to read outside of itself. */
export function sourceOf(
  bytes: Uint8Array,
  name = "model.safetensors",
): ByteSource & { largest(): number } {
  let largest = 0;
  const read = async (offset: number, length: number) => {
    if (offset < 0 || offset + length > bytes.length) throw new Error("read outside of the file");
    largest = Math.max(largest, length);
    return bytes.slice(offset, offset + length);
  };
  return {
    name,
    length: bytes.length,
    read,
    readInto: async (offset, target) => target.set(await read(offset, target.length)),
    largest: () => largest,
  };
}

/** bfloat16 of numbers that have few bits, without rounding. */
export function bfloat16(values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(2 * values.length);
  const floats = new Uint8Array(Float32Array.from(values).buffer);
  for (let i = 0; i < values.length; i += 1)
    bytes.set(floats.subarray(4 * i + 2, 4 * i + 4), 2 * i);
  return bytes;
}
