import { type Program, packBlock, rootOfTensor, type Tensor, tensorBytes } from "@r3mes/engine";
import { nodeSha256 } from "@r3mes/engine/node";
import { sha256, toHex } from "@r3mes/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
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

function rootOf(tensor: Tensor, bytes: Uint8Array): string {
  const program: Program = { name: "p", tensors: [tensor], operations: [] };
  return toHex(rootOfTensor(program, 0, bytes));
}

test("a tensor of one group has the root that the engine computes, whoever hashes", async () => {
  await fc.assert(
    fc.asyncProperty(tensors, async (tensor) => {
      const bytes = packBlock(tensor.dtype, tensor.rows, tensor.columns, (row, column) => {
        const value = (7 * row + 3 * column) % 256;
        return tensor.dtype === "t2" ? (value % 3) - 1 : value - 128;
      });
      for (const hash of [sha256, nodeSha256]) {
        const hasher = createTensorHasher(tensor, 0, hash);
        expect(hasher.groups).toBe(1);
        await hasher.hashGroup(0, bytes);
        expect(toHex(hasher.finish())).toBe(rootOf(tensor, bytes));
      }
    }),
    { numRuns: 40 },
  );
});

test("groups of a large tensor are hashed in any order, many at once", async () => {
  const tile = { rows: 32, columns: 64 };
  const tensor: Tensor = {
    ...{ name: "w", dtype: "i32", rows: 1_000, columns: 700 },
    ...{ tile, role: "weight" },
  };
  const bytes = Uint8Array.from({ length: tensorBytes(tensor) }, (_, i) => i * 7 + (i >> 9));
  const hasher = createTensorHasher(tensor, 0, nodeSha256);
  const { groups, groupBytes } = hasher;
  const order = Array.from({ length: groups }, (_, i) => groups - 1 - i);
  await Promise.all(
    order.map((i) => hasher.hashGroup(i, bytes.subarray(i * groupBytes, (i + 1) * groupBytes))),
  );
  expect(groups).toBeGreaterThan(2);
  expect(toHex(hasher.finish())).toBe(rootOf(tensor, bytes));
});
