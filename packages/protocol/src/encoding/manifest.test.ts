import fc from "fast-check";
import { expect, test } from "vitest";
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { fromHex } from "./fromHex.ts";
import { decodeManifest, encodeManifest, type Manifest, manifestHash } from "./manifest.ts";
import { toHex } from "./toHex.ts";
import { encodeUtf8 } from "./utf8.ts";

test.each(readVectors("encoding/manifest.json"))("$name", ({ bytes, hash, refused }) => {
  const file = fromHex(bytes);
  expect(refusalOf(() => decodeManifest(file))).toBe(refused);
  if (refused === undefined) expect(toHex(manifestHash(file))).toBe(hash);
});

test("a manifest comes back, whatever the order in which its keys were set", () => {
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(
      fc.maxSafeInteger().filter((n) => !Object.is(n, -0)),
      fc.string(),
      fc.boolean(),
    ),
    tree: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.stringMatching(/^[ -~]{1,12}$/), tie("tree"), { maxKeys: 4 }),
    ),
  }));
  const manifest = fc.dictionary(fc.stringMatching(/^[ -~]{1,12}$/), tree, { maxKeys: 6 });
  fc.assert(
    fc.property(manifest, (value) => {
      const bytes = encodeManifest(value as Manifest);
      const reversed = Object.fromEntries(Object.entries(value).toReversed());
      expect(encodeManifest(reversed as Manifest)).toEqual(bytes);
      expect(decodeManifest(bytes)).toEqual(value);
    }),
  );
});

test("random text is refused with a code or is canonical", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      try {
        expect(encodeManifest(decodeManifest(encodeUtf8(text)))).toEqual(encodeUtf8(text));
      } catch (error) {
        expect(error).toBeInstanceOf(R3mesError);
      }
    }),
  );
});

test("nesting that would exhaust a parser's stack is refused before it is parsed", () => {
  const deep = encodeUtf8(`{"a":${"[".repeat(400_000)}${"]".repeat(400_000)}}`);
  expect(refusalOf(() => decodeManifest(deep))).toBe("LIMIT_EXCEEDED");
});

test("brackets inside strings are not nesting", () => {
  const manifest = { text: `${"[{".repeat(100)}\\"]` };
  expect(decodeManifest(encodeManifest(manifest))).toEqual(manifest);
});

test("a manifest of the largest size is read, one byte more is refused", () => {
  const filler = (length: number) => ({ a: "x".repeat(length - '{"a":""}'.length) });
  const largest = encodeManifest(filler(LIMITS.manifestBytesMax));
  expect(largest.length).toBe(LIMITS.manifestBytesMax);
  expect(decodeManifest(largest)).toEqual(filler(LIMITS.manifestBytesMax));
  expect(refusalOf(() => encodeManifest(filler(LIMITS.manifestBytesMax + 1)))).toBe(
    "LIMIT_EXCEEDED",
  );
  expect(refusalOf(() => decodeManifest(new Uint8Array(LIMITS.manifestBytesMax + 1)))).toBe(
    "LIMIT_EXCEEDED",
  );
});

test.each([
  ["undefined", { a: undefined }],
  ["a function", { a: () => 0 }],
  ["a date", { a: new Date(0) }],
  ["a big integer", { a: 1n }],
  ["a lone surrogate", { a: "\ud800" }],
  ["infinity", { a: Number.POSITIVE_INFINITY }],
])("%s has no place in a manifest", (_name, value) => {
  expect(refusalOf(() => encodeManifest(value as unknown as Manifest))).toBe("JSON_NOT_CANONICAL");
});

test("a list that holds itself is refused by its depth", () => {
  const list: unknown[] = [];
  list.push(list);
  expect(refusalOf(() => encodeManifest({ list } as unknown as Manifest))).toBe("LIMIT_EXCEEDED");
});
