import { expect, test } from "vitest";
import { fromHex } from "../encoding/fromHex.ts";
import { toHex } from "../encoding/toHex.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { asHash } from "./asHash.ts";
import { compareBytes } from "./compareBytes.ts";
import { equalBytes } from "./equalBytes.ts";
import { sha256 } from "./sha256.ts";
import { type Tag, taggedHash } from "./taggedHash.ts";

test.each(readVectors("hash/sha256.json"))("SHA-256 of $name", ({ bytes, repeat, hash }) => {
  expect(toHex(sha256(fromHex((bytes as string).repeat(repeat))))).toBe(hash);
});

test.each(readVectors("hash/tagged.json"))("$name", ({ tag, data, hash }) => {
  expect(toHex(taggedHash(tag, (fields) => fields.raw(fromHex(data))))).toBe(hash);
});

test.each([`remes/${"x".repeat(57)}/1`, "remes/A/1", "remes/a b/1", "remes/é/1"])(
  "%s is not a tag",
  (tag) => {
    expect(refusalOf(() => taggedHash(tag as Tag, () => {}))).toBe("ASSERTION_FAILED");
  },
);

test.each([0, 31, 33])("%i bytes are not a hash", (length) => {
  expect(refusalOf(() => asHash(new Uint8Array(length)))).toBe("HASH_LENGTH_INVALID");
});

test("bytes are ordered by the first that differs, then by length", () => {
  const sorted = [[], [0], [0, 0], [0, 255], [1], [128], [255, 0]].map((items) =>
    Uint8Array.from(items),
  );
  expect(sorted.toReversed().sort(compareBytes)).toEqual(sorted);
});

test("bytes are equal only when all of them are", () => {
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
  expect(equalBytes(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false);
});
