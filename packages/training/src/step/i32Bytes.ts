/** i32 values as storage bytes, and back: little-endian, whatever the order of the machine and the alignment of the bytes. */
import { unpackBlock } from "@r3mes/engine";

/** Whether this machine keeps them as storage does. */
const isLittleEndian = new Uint8Array(Int32Array.of(1).buffer)[0] === 1;

export function i32Bytes(values: Int32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  putI32(bytes, values);
  return bytes;
}

/** `bytes` are as many as the values have. */
export function putI32(bytes: Uint8Array, values: Int32Array): void {
  if (isLittleEndian) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return;
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  values.forEach((value, i) => {
    view.setInt32(4 * i, value, true);
  });
}

export function readI32(bytes: Uint8Array): Int32Array {
  return unpackBlock("i32", 1, bytes.length >>> 2, bytes) as Int32Array;
}
