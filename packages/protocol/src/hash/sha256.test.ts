import { sha256 as independent } from "@noble/hashes/sha2.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { toHex } from "../encoding/toHex.ts";
import { encodeUtf8 } from "../encoding/utf8.ts";
import { sha256 } from "./sha256.ts";

test.each([
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  ["a".repeat(1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
])("the published digests of FIPS 180-4 come out (%#)", (message, digest) => {
  expect(toHex(sha256(encodeUtf8(message)))).toBe(digest);
});

test("every length around the block boundaries agrees with an independent implementation", () => {
  for (let length = 0; length <= 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    expect(sha256(bytes)).toEqual(independent(bytes));
  }
});

test("random bytes agree with an independent implementation, at any offset of their buffer", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), fc.nat(3), (bytes, offset) => {
      const view = bytes.subarray(Math.min(offset, bytes.length));
      expect(sha256(view)).toEqual(independent(view));
    }),
  );
});

test("each digest is an array of its own", () => {
  const first = sha256(Uint8Array.of(1));
  const copy = first.slice();
  sha256(Uint8Array.of(2));
  expect(first).toEqual(copy);
});
