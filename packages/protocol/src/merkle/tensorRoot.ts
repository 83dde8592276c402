/** The root of a tensor, from its tree or from all its tiles: spec/encoding.md section 6. */
import { createWriter } from "../encoding/createWriter.ts";
import { assert } from "../errors/assert.ts";
import { asHash, type Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { buildTree, type Tree, treeTop } from "./buildTree.ts";
import {
  ELEMENT_TYPES,
  type TensorLayout,
  tensorDepth,
  tensorGrid,
  tileIndex,
} from "./tensorLayout.ts";
import { tileSlot } from "./tileSlot.ts";

/** The root of a tensor whose tree is known. */
export function tensorRootOfTree(
  layout: TensorLayout,
  tree: Uint8Array,
  hash: Sha256 = sha256,
): Hash {
  tensorDepth(layout);
  const writer = createWriter().u8(2).u32(layout.tensor).u8(ELEMENT_TYPES[layout.type]);
  writer.u8(layout.shape.length);
  for (const extent of layout.shape) writer.u32(extent);
  writer.u16(layout.tile[0]).u16(layout.tile[1]).hash(tree);
  return asHash(hash(writer.finish()));
}

/** The tree over tiles given in row-major order of the grid. */
export function tensorTree(
  layout: TensorLayout,
  tiles: readonly Uint8Array[],
  hash: Sha256 = sha256,
): Tree {
  const positions = gridPositions(tensorGrid(layout));
  assert(tiles.length === positions.length, "a tensor has one tile for each position of its grid");
  const indices = positions.map((position) => tileIndex(layout, position));
  const slots = Array.from<Uint8Array | undefined>({ length: indices.at(-1)! + 1 });
  indices.forEach((index, i) => {
    slots[index] = tileSlot(layout, index, tiles[i]!, hash);
  });
  return buildTree(slots, { depth: tensorDepth(layout), hash });
}

/** The root over tiles given in row-major order of the grid. */
export function tensorRoot(
  layout: TensorLayout,
  tiles: readonly Uint8Array[],
  hash: Sha256 = sha256,
): Hash {
  return tensorRootOfTree(layout, treeTop(tensorTree(layout, tiles, hash)), hash);
}

function gridPositions(grid: readonly number[]): readonly (readonly number[])[] {
  return grid.reduce<(readonly number[])[]>(
    (positions, tiles) =>
      positions.flatMap((position) => Array.from({ length: tiles }, (_, at) => [...position, at])),
    [[]],
  );
}
