import { createHash } from "node:crypto";
import { hashEach, sha256 } from "@r3mes/protocol";
import { expect, test } from "vitest";
import type { Tensor } from "../program/program.ts";
import { tensorBytes } from "../tensor/storage.ts";
import { rootOfBands, slotsOfBands, topOfBands } from "../trace/hashBands.ts";
import { hasNativeKernels, loadAddon } from "./nativeAddon.ts";
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

/** Tensors whose last tiles reach over both edges, over one, and over none. */
const tensors: readonly Pick<Tensor, "dtype" | "rows" | "columns" | "tile">[] = [
  { dtype: "i8", rows: 45, columns: 70, tile: { rows: 16, columns: 32 } },
  { dtype: "t2", rows: 48, columns: 80, tile: { rows: 32, columns: 32 } },
  { dtype: "i16", rows: 64, columns: 64, tile: { rows: 32, columns: 64 } },
  { dtype: "i32", rows: 9, columns: 1, tile: { rows: 4, columns: 1 } },
  { dtype: "i64", rows: 3, columns: 5, tile: { rows: 1, columns: 2 } },
];

test("tiles are hashed where they lie, at once or beside the caller, to the slots and the root of the definition", async () => {
  for (const shape of tensors) {
    const tensor: Tensor = { name: "w", role: "weight", ...shape };
    const bytes = bytesOf(tensorBytes(tensor) + 3).subarray(3);
    for (const first of [0, 5]) {
      const bands = { first, bytes };
      expect(slotsOfBands(tensor, 7, bands, nodeSha256)).toEqual(
        slotsOfBands(tensor, 7, bands, sha256),
      );
      const top = topOfBands(tensor, 7, bands, 9, sha256);
      expect(topOfBands(tensor, 7, bands, 9, nodeSha256)).toEqual(top);
      expect(await rootOfBands(tensor, 7, bands, 9, nodeSha256)).toEqual(top);
    }
  }
});

test.skipIf(!hasNativeKernels())("the addon refuses a tiling that does not fit its bytes", () => {
  const { hashTiles } = loadAddon();
  const header = new Uint8Array(16);
  const numbers = { first: 0, run: 4, runs: 2, stride: 8, rowSlots: 2, fill: 0 };
  const ask = (wrong: Partial<typeof numbers>, slots = 2) =>
    hashTiles(
      bytesOf(16),
      header,
      Uint32Array.from(Object.values({ ...numbers, ...wrong })),
      new Uint8Array(32 * slots),
    );
  expect(() => ask({})).not.toThrow();
  for (const wrong of [{ run: 0 }, { runs: 0 }, { stride: 0 }, { stride: 9 }, { rowSlots: 1 }]) {
    expect(() => ask(wrong)).toThrow(TypeError);
  }
  expect(() => ask({}, 3)).toThrow(TypeError);
  const { topOfTiles } = loadAddon();
  const fitting = Uint32Array.from(Object.values(numbers));
  expect(() => topOfTiles(bytesOf(16), header, fitting, 1, new Uint8Array(31))).toThrow(TypeError);
});
