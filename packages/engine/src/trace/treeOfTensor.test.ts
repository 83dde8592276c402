import { tensorRoot, tensorTree, toHex } from "@r3mes/protocol";
import { expect, test } from "vitest";
import type { Dtype, Program, Tensor } from "../program/program.ts";
import { layoutOf } from "../tensor/layout.ts";
import { blockBytes, packBlock } from "../tensor/storage.ts";
import { tileBytes, tileIndices } from "../tensor/tiles.ts";
import { rootOfTensor, treeOfTensor } from "./treeOfTensor.ts";

const tensor = (
  dtype: Dtype,
  rows: number,
  columns: number,
  tileRows: number,
  tileColumns: number,
): Tensor => ({
  name: "x",
  dtype,
  rows,
  columns,
  tile: { rows: tileRows, columns: tileColumns },
  role: "input",
});

test.each([
  tensor("i8", 8, 32, 8, 32),
  tensor("i8", 20, 70, 8, 32),
  tensor("i16", 1, 1, 8, 1),
  tensor("i32", 40, 96, 8, 32),
  tensor("i64", 4, 50, 4, 32),
  tensor("i32", 17, 1, 8, 1),
  tensor("t2", 48, 80, 32, 64),
  tensor("t2", 32, 288, 32, 256),
])("$dtype [$rows, $columns]: the tree is the protocol's, level by level", (spec) => {
  const program: Program = { name: "one", tensors: [spec, spec], operations: [] };
  const bytes = packBlock(
    spec.dtype,
    spec.rows,
    spec.columns,
    (row, column) => ((row * 7 + column) % 3) - 1,
  );
  const tiles = tileIndices(spec).map((index) => tileBytes(spec, bytes, index));
  for (const tile of tiles) {
    expect(tile).toHaveLength(blockBytes(spec.dtype, spec.tile.rows, spec.tile.columns));
  }
  const expected = tensorTree(layoutOf(program, 1), tiles);
  const found = treeOfTensor(program, 1, bytes);
  expect(found.depth).toBe(expected.depth);
  expect(found.levels.map(toHex)).toEqual(expected.levels.map(toHex));
  expect(toHex(rootOfTensor(program, 1, bytes))).toBe(
    toHex(tensorRoot(layoutOf(program, 1), tiles)),
  );
});

test("a tile that reaches over the edge is filled with zeros of its type", () => {
  const spec = tensor("t2", 16, 16, 32, 32);
  const bytes = packBlock("t2", 16, 16, () => 1);
  const padded = packBlock("t2", 32, 32, (row, column) => (row < 16 && column < 16 ? 1 : 0));
  expect(toHex(tileBytes(spec, bytes, 0))).toBe(toHex(padded));
});
