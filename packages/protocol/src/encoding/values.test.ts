import fc from "fast-check";
import { expect, test } from "vitest";
import { R3mesError } from "../errors/R3mesError.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { texts } from "../testing/texts.ts";
import { createReader, type Reader } from "./createReader.ts";
import { createWriter, type Writer } from "./createWriter.ts";
import { fromHex } from "./fromHex.ts";
import { toHex } from "./toHex.ts";

// biome-ignore lint/suspicious/noExplicitAny: the value of a vector's field is as its type says.
type Field = { readonly type: string; readonly value: any };

const writers: { readonly [type: string]: (writer: Writer, value: Field["value"]) => void } = {
  u8: (writer, value) => writer.u8(value),
  u16: (writer, value) => writer.u16(value),
  u32: (writer, value) => writer.u32(value),
  u64: (writer, value) => writer.u64(BigInt(value)),
  i64: (writer, value) => writer.i64(BigInt(value)),
  bool: (writer, value) => writer.bool(value),
  hash: (writer, value) => writer.hash(fromHex(value)),
  address: (writer, value) => writer.address(fromHex(value)),
  bytes: (writer, value) => writer.bytes(fromHex(value)),
  text: (writer, value) => writer.text(value),
  "list u32": (writer, value: number[]) => writer.list(value, (list, item) => list.u32(item)),
  "optional u32": (writer, value: number | null) =>
    writer.optional(value ?? undefined, (field, item) => field.u32(item)),
};

/** Readers of the same fields, in the form of the vectors; bytes, text and lists up to 32. */
const readers: { readonly [type: string]: (reader: Reader, max: number) => unknown } = {
  u8: (reader) => reader.u8(),
  u16: (reader) => reader.u16(),
  u32: (reader) => reader.u32(),
  u64: (reader) => reader.u64().toString(),
  i64: (reader) => reader.i64().toString(),
  bool: (reader) => reader.bool(),
  hash: (reader) => toHex(reader.hash()),
  address: (reader) => toHex(reader.address()),
  bytes: (reader, max) => toHex(reader.bytes(max)),
  text: (reader, max) => reader.text(max),
  "list u32": (reader, max) => reader.list(max, (list) => list.u32()),
  "optional u32": (reader) => reader.optional((field) => field.u32()) ?? null,
};

test.each(readVectors("encoding/values.json"))("$name", ({ fields, bytes }) => {
  const writer = createWriter();
  for (const { type, value } of fields as Field[]) writers[type]!(writer, value);
  expect(toHex(writer.finish())).toBe(bytes);

  const reader = createReader(fromHex(bytes));
  const values = (fields as Field[]).map(({ type }) => readers[type]!(reader, 32));
  reader.end();
  expect(values).toEqual((fields as Field[]).map(({ value }) => value));
});

test.each(readVectors("encoding/refused.json"))("$name is refused", ({ types, bytes, refused }) => {
  const read = () => {
    const reader = createReader(fromHex(bytes));
    for (const type of types) readers[type]!(reader, 8);
    reader.end();
  };
  expect(refusalOf(read)).toBe(refused);
});

test.each([
  ["u8", 256],
  ["u8", -1],
  ["u16", 65536],
  ["u32", 2 ** 32],
  ["u32", 1.5],
  ["u32", Number.NaN],
  ["u64", -1],
  ["u64", "18446744073709551616"],
  ["i64", "9223372036854775808"],
  ["i64", "-9223372036854775809"],
  ["hash", "00".repeat(31)],
  ["hash", "00".repeat(33)],
  ["address", "00".repeat(21)],
])("a writer of %s refuses %s", (type, value) => {
  expect(refusalOf(() => writers[type]!(createWriter(), value))).toBe("NUMBER_OUT_OF_RANGE");
});

test("a refusal says where the bytes stop making sense", () => {
  const reader = createReader(Uint8Array.of(1, 0, 0, 0, 7));
  reader.u32();
  expect(() => reader.u16()).toThrow(
    expect.objectContaining({ facts: { reason: "cut short", offset: 4 } }),
  );
});

test("random fields come back, and no proper prefix and no extension of their bytes is accepted", () => {
  const field = fc.oneof(
    fc.record({ type: fc.constant("u32"), value: fc.integer({ min: 0, max: 2 ** 32 - 1 }) }),
    fc.record({
      type: fc.constant("i64"),
      value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n).map(String),
    }),
    fc.record({ type: fc.constant("text"), value: texts(8) }),
    fc.record({ type: fc.constant("bytes"), value: fc.uint8Array({ maxLength: 32 }).map(toHex) }),
    fc.record({ type: fc.constant("bool"), value: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), fc.nat(), (fields, cut) => {
      const writer = createWriter();
      for (const { type, value } of fields) writers[type]!(writer, value);
      const bytes = writer.finish();
      const read = (from: Uint8Array) => {
        const reader = createReader(from);
        const values = fields.map(({ type }) => readers[type]!(reader, 64));
        reader.end();
        return values;
      };
      expect(read(bytes)).toEqual(fields.map(({ value }) => value));
      expect(refusalOf(() => read(bytes.subarray(0, cut % bytes.length)))).toBe("ENCODING_INVALID");
      expect(refusalOf(() => read(Uint8Array.of(...bytes, 0)))).toBe("ENCODING_INVALID");
    }),
  );
});

test("a reader of hostile bytes returns or refuses, and never reserves more than there is", () => {
  const types = fc.array(fc.constantFrom(...Object.keys(readers)), { maxLength: 6 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), types, (bytes, wanted) => {
      const reader = createReader(bytes);
      try {
        for (const type of wanted) readers[type]!(reader, 2 ** 32);
        reader.end();
      } catch (error) {
        expect(error).toBeInstanceOf(R3mesError);
      }
    }),
  );
});

test("a list cannot claim more items than bytes are left, even of items that read nothing", () => {
  const reader = createReader(Uint8Array.of(255, 255, 255, 255, 0));
  let read = 0;
  expect(refusalOf(() => reader.list(2 ** 32, () => read++))).toBe("ENCODING_INVALID");
  expect(read).toBe(0);
});

test("what a reader returns does not change with the bytes it was read from", () => {
  const bytes = new Uint8Array(32);
  const hash = createReader(bytes).hash();
  bytes.fill(1);
  expect(hash).toEqual(new Uint8Array(32));
});

test("a record larger than the first buffer is written whole", () => {
  const part = Uint8Array.from({ length: 1000 }, (_, i) => i & 255);
  const bytes = createWriter().raw(part).u8(7).raw(part).finish();
  expect(bytes).toEqual(Uint8Array.of(...part, 7, ...part));
});

test.each(["0", "0g", "é", " 00"])("%j is not hexadecimal", (text) => {
  expect(refusalOf(() => fromHex(text))).toBe("ENCODING_INVALID");
});

test("hexadecimal is read in either case and written in lower case", () => {
  expect(toHex(fromHex("00AbfF"))).toBe("00abff");
});
