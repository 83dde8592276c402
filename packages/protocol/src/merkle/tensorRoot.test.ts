import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex } from "../encoding/fromHex.ts";
import { toHex } from "../encoding/toHex.ts";
import { hexes, readVectors, refusalOf, type Vector } from "../testing/readVectors.ts";
import { treeTop } from "./buildTree.ts";
import { proveSlots } from "./multiproof.ts";
import { proveSlot } from "./proof.ts";
import {
  ELEMENT_TYPES,
  type ElementType,
  type TensorLayout,
  tensorDepth,
  tensorGrid,
  tileBytes,
  tileIndex,
  tilePosition,
} from "./tensorLayout.ts";
import { tensorRoot, tensorRootOfTree, tensorTree } from "./tensorRoot.ts";
import { verifyTile, verifyTiles } from "./verifyTiles.ts";

function layoutOf({ tensor, type, shape, tile }: Vector): TensorLayout {
  return { tensor, type, shape, tile };
}

/** The tiles of the vectors: byte j of tile i is 31 i + j modulo 256. */
function tiles(layout: TensorLayout): Uint8Array[] {
  const count = tensorGrid(layout).reduce((product, extent) => product * extent, 1);
  return Array.from({ length: count }, (_, i) =>
    Uint8Array.from({ length: tileBytes(layout) }, (_byte, j) => 31 * i + j),
  );
}

test.each(readVectors("merkle/tensor.json"))("$name", (vector) => {
  const layout = layoutOf(vector);
  expect(refusalOf(() => tensorDepth(layout))).toBe(vector.refused);
  if (vector.refused !== undefined) return;
  expect(tensorGrid(layout)).toEqual(vector.grid);
  expect(tensorDepth(layout)).toBe(vector.depth);
  expect(tileBytes(layout)).toBe(vector.tileBytes);
  const last = (vector.grid as number[]).map((extent) => extent - 1);
  expect(tileIndex(layout, last)).toBe(vector.lastTile);
  expect(toHex(tensorRoot(layout, tiles(layout)))).toBe(vector.root);
});

test.each(readVectors("merkle/tile.json"))("a proof: $name", (vector) => {
  const tensor = { ...layoutOf(vector), root: fromHex(vector.root) };
  const { index } = vector;
  const tile = { index, bytes: fromHex(vector.bytes), siblings: hexes(vector.siblings) };
  expect(refusalOf(() => verifyTile(tensor, tile))).toBe(vector.refused);
});

test.each(readVectors("multiproof/tiles.json"))("a multiproof: $name", (vector) => {
  const tensor = { ...layoutOf(vector), root: fromHex(vector.root) };
  const { indices } = vector;
  const proof = { indices, bytes: hexes(vector.bytes), siblings: hexes(vector.siblings) };
  expect(refusalOf(() => verifyTiles(tensor, proof))).toBe(vector.refused);
});

const layouts: fc.Arbitrary<TensorLayout> = fc.record({
  tensor: fc.nat(),
  type: fc.constantFrom(...(Object.keys(ELEMENT_TYPES) as ElementType[])),
  shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  tile: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
});

test("positions and tile indices are inverse, ascend together, and padding is refused", () => {
  fc.assert(
    fc.property(layouts, (layout) => {
      const grid = tensorGrid(layout);
      const count = grid.reduce((product, extent) => product * extent, 1);
      const found: number[] = [];
      for (let index = 0; index < 2 ** tensorDepth(layout); index++) {
        if (refusalOf(() => tilePosition(layout, index)) !== undefined) continue;
        expect(tileIndex(layout, tilePosition(layout, index))).toBe(index);
        found.push(index);
      }
      expect(found.length).toBe(count);
      expect(refusalOf(() => tileIndex(layout, grid))).toBe("MERKLE_INDEX_INVALID");
    }),
    { numRuns: 40 },
  );
});

test("every tile is proven alone and together with others", () => {
  fc.assert(
    fc.property(layouts, fc.nat(), (layout, choice) => {
      const all = tiles(layout);
      const tree = tensorTree(layout, all);
      const tensor = { ...layout, root: tensorRootOfTree(layout, treeTop(tree)) };
      const places = Array.from({ length: 2 ** tree.depth }, (_, index) => index).filter(
        (index) => refusalOf(() => tilePosition(layout, index)) === undefined,
      );
      const at = choice % places.length;
      const index = places[at]!;
      verifyTile(tensor, { index, bytes: all[at]!, siblings: proveSlot(tree, index) });
      const some = places.filter((_, i) => i % 3 === choice % 3);
      if (some.length === 0) return;
      const bytes = some.map((place) => all[places.indexOf(place)]!);
      verifyTiles(tensor, { indices: some, bytes, siblings: proveSlots(tree, some) });
      const missing = { indices: some, bytes: bytes.slice(1), siblings: proveSlots(tree, some) };
      expect(refusalOf(() => verifyTiles(tensor, missing))).toBe("MERKLE_PROOF_SHAPE_INVALID");
    }),
    { numRuns: 40 },
  );
});

test("a row of tiles is a subtree: it needs one path", () => {
  const layout: TensorLayout = { tensor: 1, type: "i8", shape: [64, 256], tile: [8, 32] };
  const tree = tensorTree(layout, tiles(layout));
  const row = Array.from({ length: 8 }, (_, column) => tileIndex(layout, [5, column]));
  expect(proveSlots(tree, row).length).toBe(tree.depth - 3);
});

test("a grid too large for a tree is refused", () => {
  const layout: TensorLayout = { tensor: 0, type: "i8", shape: [2, 2 ** 31 - 1, 2], tile: [1, 1] };
  expect(refusalOf(() => tensorDepth(layout))).toBe("LIMIT_EXCEEDED");
  expect(refusalOf(() => tensorRootOfTree(layout, new Uint8Array(32)))).toBe("LIMIT_EXCEEDED");
  expect(refusalOf(() => tensorDepth({ ...layout, shape: [1, 1, 1, 1, 1] }))).toBe(
    "LIMIT_EXCEEDED",
  );
});
