import { LIMITS, R3mesError } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { safetensorsFile, sourceOf, withHeader } from "../testing/safetensorsFile.ts";
import { readSafetensorsHeader } from "./readSafetensorsHeader.ts";

const read = (bytes: Uint8Array) => readSafetensorsHeader(sourceOf(bytes));
const zeros = (bytes: number) => new Uint8Array(bytes);
const code = (name: string) => expect.objectContaining({ code: name });
const entry = (begin: number, end: number, shape = [end - begin]) => ({
  dtype: "U8",
  shape,
  data_offsets: [begin, end],
});

test("tensors come with their place in the file, in the order of their data", async () => {
  const bytes = safetensorsFile({
    b: { dtype: "BF16", shape: [2, 3], data: zeros(12) },
    a: { dtype: "U8", shape: [4], data: Uint8Array.of(1, 2, 3, 4) },
    empty: { dtype: "F32", shape: [0, 7], data: zeros(0) },
  });
  const tensors = await read(bytes);
  expect(tensors.map(({ name, type, shape, bytes }) => [name, type, shape, bytes])).toEqual([
    ["b", "BF16", [2, 3], 12],
    ["a", "U8", [4], 4],
    ["empty", "F32", [0, 7], 0],
  ]);
  const a = tensors.find(({ name }) => name === "a")!;
  expect(bytes.slice(a.offset, a.offset + a.bytes)).toEqual(Uint8Array.of(1, 2, 3, 4));
});

test("a scalar has one element", async () => {
  const [scalar] = await read(safetensorsFile({ s: { dtype: "F32", shape: [], data: zeros(4) } }));
  expect(scalar).toMatchObject({ shape: [], bytes: 4 });
});

test.each([
  ["nothing", zeros(0)],
  ["less than a length", zeros(7)],
  ["a header cut short", withHeader("{}", zeros(0)).slice(0, 9)],
  ["data cut short", withHeader(JSON.stringify({ a: entry(0, 4) }), zeros(3))],
])("%s is cut short", async (_, bytes) => {
  await expect(read(bytes)).rejects.toThrow(code("CHECKPOINT_TRUNCATED"));
});

test("a header over the limit is refused before it is read", async () => {
  const bytes = zeros(16);
  new DataView(bytes.buffer).setBigUint64(0, 2n ** 63n, true);
  const source = sourceOf(bytes);
  await expect(readSafetensorsHeader(source)).rejects.toThrow(code("CHECKPOINT_HEADER_TOO_LARGE"));
  expect(source.largest()).toBe(8);
  expect(LIMITS.safetensorsHeaderBytesMax).toBeLessThan(2 ** 31);
});

test.each([
  ["no JSON", "{"],
  ["a list", "[]"],
  ["an entry that is null", '{"a":null}'],
  ["an unknown dtype", '{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,1]}}'],
  ["a negative extent", '{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}'],
  ["a fraction", '{"a":{"dtype":"U8","shape":[1.5],"data_offsets":[0,1]}}'],
  ["three offsets", '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,2]}}'],
  ["a name of the prototype", '{"a":{"dtype":"toString","shape":[1],"data_offsets":[0,1]}}'],
])("a header with %s is not valid", async (_, header) => {
  await expect(read(withHeader(header, zeros(1)))).rejects.toThrow(
    code("CHECKPOINT_HEADER_INVALID"),
  );
});

test.each([
  ["a gap", { a: entry(0, 2), b: entry(3, 4) }, 4],
  ["an overlap", { a: entry(0, 3), b: entry(2, 4) }, 4],
  ["a gap in front", { a: entry(1, 4) }, 4],
  ["bytes of no tensor", { a: entry(0, 2) }, 4],
  ["a length that is not the shape's", { a: entry(0, 4, [5]) }, 4],
  ["an end before its beginning", { a: entry(4, 0, [0]) }, 4],
  ["a shape whose size overflows", { a: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4],
])("%s is refused", async (_, header, bytes) => {
  const file = withHeader(JSON.stringify(header), zeros(bytes));
  await expect(read(file)).rejects.toThrow(code("CHECKPOINT_OFFSETS_INVALID"));
});

test("no damage to a file does worse than a typed error, or reads more than the file", async () => {
  const good = safetensorsFile({
    a: { dtype: "BF16", shape: [2, 2], data: zeros(8) },
    b: { dtype: "U8", shape: [3], data: zeros(3) },
  });
  const damage = fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(damage, fc.nat(good.length), async (changes, length) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      const source = sourceOf(bytes.slice(0, length));
      const error = await readSafetensorsHeader(source).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (error !== undefined) expect(error).toBeInstanceOf(R3mesError);
      expect(source.largest()).toBeLessThanOrEqual(good.length);
    }),
  );
});

test("no header text does worse than a typed error", async () => {
  await fc.assert(
    fc.asyncProperty(fc.json(), async (header) => {
      await read(withHeader(header, zeros(4))).catch((error) => {
        expect(error).toBeInstanceOf(R3mesError);
      });
    }),
  );
});
