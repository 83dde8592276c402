import { type Program, packBlock, rootOfTensor, type Tensor } from "@r3mes/engine";
import { toHex } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha256Of } from "../node/sha256Of.ts";
import { createTensorHasher } from "./createTensorHasher.ts";

const tensors = fc
  .record({
    dtype: fc.constantFrom("t2" as const, "i8" as const, "i16" as const, "i32" as const),
    rows: fc.integer({ min: 1, max: 5 }),
    columns: fc.integer({ min: 1, max: 5 }),
    tile: fc.record({ rows: fc.constantFrom(16, 32), columns: fc.constantFrom(16, 32, 64) }),
  })
  .map(({ dtype, rows, columns, tile }): Tensor => {
    // Ternary tensors come in blocks of 16; the others may have any edge.
    const unit = dtype === "t2" ? 16 : 13;
    return { name: "w", dtype, rows: unit * rows, columns: unit * columns, tile, role: "weight" };
  });

test("bytes that arrive in any pieces give the root that the engine computes", () => {
  const pieces = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(tensors, pieces, (tensor, sizes) => {
      const bytes = packBlock(tensor.dtype, tensor.rows, tensor.columns, (row, column) => {
        const value = (7 * row + 3 * column) % 256;
        return tensor.dtype === "t2" ? (value % 3) - 1 : value - 128;
      });
      const program: Program = { name: "p", tensors: [tensor], operations: [] };
      const hasher = createTensorHasher(tensor, 0);
      for (let at = 0, i = 0; at < bytes.length; i += 1) {
        const size = sizes[i % sizes.length]!;
        hasher.push(bytes.subarray(at, at + size));
        at += size;
      }
      expect(toHex(hasher.finish())).toBe(toHex(rootOfTensor(program, 0, bytes)));
    }),
    { numRuns: 40 },
  );
});

test.each([
  ["at once", 1_000 * 700 * 4],
  ["in pieces of whole groups and a part of one", 1_500_000],
  ["in small pieces", 77_777],
])("a tensor of several groups has the same root when its bytes come %s", (_, size) => {
  const tile = { rows: 32, columns: 64 };
  const tensor: Tensor = {
    name: "w",
    dtype: "i32",
    rows: 1_000,
    columns: 700,
    tile,
    role: "weight",
  };
  const bytes = Uint8Array.from({ length: 1_000 * 700 * 4 }, (_, i) => (i * 7 + (i >> 9)) & 255);
  const hasher = createTensorHasher(tensor, 0, sha256Of);
  for (let at = 0; at < bytes.length; at += size) hasher.push(bytes.subarray(at, at + size));
  const program: Program = { name: "p", tensors: [tensor], operations: [] };
  expect(toHex(hasher.finish())).toBe(toHex(rootOfTensor(program, 0, bytes, sha256Of)));
  expect(() => hasher.push(new Uint8Array(1))).toThrow("no bytes come behind the last");
});
