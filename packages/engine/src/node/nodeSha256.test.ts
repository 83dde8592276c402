import { createHash } from "node:crypto";
import { hashEach, sha256 } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { hasNativeKernels } from "./nativeAddon.ts";
import { nodeSha256 } from "./nodeSha256.ts";

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);
const expected = (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest());

test("one message of any length around two blocks has its digest", () => {
  for (let length = 0; length <= 200; length++) {
    // A view that begins inside its buffer.
    const bytes = bytesOf(length + 3).subarray(3);
    expect(nodeSha256(bytes)).toEqual(expected(bytes));
  }
});

test("messages of one length have the digests of each, whether their number is even or odd", () => {
  for (const length of [1, 55, 56, 63, 64, 65, 119, 128, 1040]) {
    for (const count of [0, 1, 2, 3, 8]) {
      const messages = bytesOf(length * count);
      const each = Array.from({ length: count }, (_, i) => [
        ...expected(messages.subarray(i * length, (i + 1) * length)),
      ]);
      expect([...hashEach(messages, length, nodeSha256)]).toEqual(each.flat());
      expect([...hashEach(messages, length, sha256)]).toEqual(each.flat());
    }
  }
});

test.skipIf(!hasNativeKernels())("the addon hashes many in one call", () => {
  expect(nodeSha256.each).toBeDefined();
});
