/**
 * Writes the values of spec/encoding.md section 1. It must not know what is written: records are
 * functions elsewhere that call these methods in the order of their definition.
 */
import { checkRange } from "../limits/checkRange.ts";
import { encodeUtf8 } from "./utf8.ts";

/** Every method throws NUMBER_OUT_OF_RANGE for a value that its field cannot hold. */
export type Writer = {
  u8(value: number): Writer;
  u16(value: number): Writer;
  u32(value: number): Writer;
  u64(value: bigint): Writer;
  i64(value: bigint): Writer;
  bool(value: boolean): Writer;
  /** 32 bytes, without a length. */
  hash(value: Uint8Array): Writer;
  /** 20 bytes, without a length. */
  address(value: Uint8Array): Writer;
  bytes(value: Uint8Array): Writer;
  text(value: string): Writer;
  /** Bytes as they are, without a length: for parts that are encoded already. */
  raw(value: Uint8Array): Writer;
  list<T>(items: readonly T[], write: (writer: Writer, item: T) => void): Writer;
  optional<T>(value: T | undefined, write: (writer: Writer, value: T) => void): Writer;
  /** A copy of everything written so far. */
  finish(): Uint8Array;
};

const u64Max = (1n << 64n) - 1n;
const i64Max = (1n << 63n) - 1n;

export function createWriter(): Writer {
  let buffer = new Uint8Array(256);
  let length = 0;

  const writer: Writer = {
    u8: (value) => unsigned("u8", value, 1),
    u16: (value) => unsigned("u16", value, 2),
    u32: (value) => unsigned("u32", value, 4),
    u64: (value) => {
      checkRange("u64", value, 0n, u64Max);
      return wide(value);
    },
    i64: (value) => {
      checkRange("i64", value, -i64Max - 1n, i64Max);
      return wide(BigInt.asUintN(64, value));
    },
    bool: (value) => unsigned("bool", value ? 1 : 0, 1),
    hash: (value) => fixed("hash", value, 32),
    address: (value) => fixed("address", value, 20),
    bytes: (value) => writer.u32(value.length).raw(value),
    text: (value) => writer.bytes(encodeUtf8(value)),
    raw: (value) => {
      buffer = reserve(buffer, length, value.length);
      buffer.set(value, length);
      length += value.length;
      return writer;
    },
    list: (items, write) => {
      writer.u32(items.length);
      for (const item of items) write(writer, item);
      return writer;
    },
    optional: (value, write) => {
      writer.bool(value !== undefined);
      if (value !== undefined) write(writer, value);
      return writer;
    },
    finish: () => buffer.slice(0, length),
  };

  function unsigned(name: string, value: number, width: number): Writer {
    checkRange(name, value, 0, 2 ** (8 * width) - 1);
    buffer = reserve(buffer, length, width);
    for (let i = 0; i < width; i++) buffer[length + i] = value >>> (8 * i);
    length += width;
    return writer;
  }

  function wide(value: bigint): Writer {
    return writer.u32(Number(value & 0xffffffffn)).u32(Number(value >> 32n));
  }

  function fixed(name: string, value: Uint8Array, bytes: number): Writer {
    checkRange(`bytes of ${name}`, value.length, bytes, bytes);
    return writer.raw(value);
  }

  return writer;
}

/** The buffer, or a copy at least twice as large that has room for `more` bytes. */
function reserve(
  buffer: Uint8Array<ArrayBuffer>,
  length: number,
  more: number,
): Uint8Array<ArrayBuffer> {
  if (length + more <= buffer.length) return buffer;
  const grown = new Uint8Array(Math.max(2 * buffer.length, length + more));
  grown.set(buffer.subarray(0, length));
  return grown;
}
