/**
 * Reads the values of spec/encoding.md section 1 from bytes that nobody vouches for: every length is
 * checked against its limit and against the bytes that are left before anything is reserved.
 */
import { R3mesError } from "../errors/R3mesError.ts";
import { decodeUtf8 } from "./utf8.ts";

/** Every method throws ENCODING_INVALID with the offset at which the bytes stop making sense. */
export type Reader = {
  u8(): number;
  u16(): number;
  u32(): number;
  u64(): bigint;
  i64(): bigint;
  bool(): boolean;
  hash(): Uint8Array;
  address(): Uint8Array;
  bytes(lengthMax: number): Uint8Array;
  text(bytesMax: number): string;
  list<T>(countMax: number, read: (reader: Reader) => T): T[];
  optional<T>(read: (reader: Reader) => T): T | undefined;
  /** Throws unless every byte was read. */
  end(): void;
};

export function createReader(bytes: Uint8Array): Reader {
  let offset = 0;

  const reader: Reader = {
    u8: () => unsigned(1),
    u16: () => unsigned(2),
    u32: () => unsigned(4),
    u64: () => BigInt(unsigned(4)) | (BigInt(unsigned(4)) << 32n),
    i64: () => BigInt.asIntN(64, reader.u64()),
    bool: () => {
      const mark = unsigned(1);
      if (mark > 1) refuse("a mark is 0 or 1", offset - 1);
      return mark === 1;
    },
    hash: () => take(32),
    address: () => take(20),
    bytes: (lengthMax) => take(count("length", lengthMax)),
    text: (bytesMax) => decodeUtf8(reader.bytes(bytesMax)),
    list: (countMax, read) => Array.from({ length: count("count", countMax) }, () => read(reader)),
    optional: (read) => (reader.bool() ? read(reader) : undefined),
    end: () => {
      if (offset !== bytes.length) refuse("bytes after the last field", offset);
    },
  };

  function unsigned(width: number): number {
    const field = takeView(width);
    let value = 0;
    for (let i = width - 1; i >= 0; i--) value = value * 256 + field[i]!;
    return value;
  }

  function takeView(length: number): Uint8Array {
    if (length > bytes.length - offset) refuse("cut short", offset);
    offset += length;
    return bytes.subarray(offset - length, offset);
  }

  function take(length: number): Uint8Array {
    return takeView(length).slice();
  }

  /** A length or a count: an item takes at least one byte, so neither can exceed what is left. */
  function count(name: string, max: number): number {
    const start = offset;
    const value = unsigned(4);
    if (value > max) refuse(`${name} ${value} is over its limit ${max}`, start);
    if (value > bytes.length - offset) refuse("cut short", start);
    return value;
  }

  return reader;
}

function refuse(reason: string, offset: number): never {
  throw new R3mesError({ code: "ENCODING_INVALID", reason, offset });
}
