/** The root of a whole tensor from its tiles, for whoever holds them all. */
import { assert } from "../errors/assert.ts";
import type { Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { buildTree, type Tree, treeTop } from "./buildTree.ts";
import {
  type TensorLayout,
  tensorDepth,
  tensorGrid,
  tensorRootOfTree,
  tileIndex,
  tileSlot,
} from "./tensor.ts";

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
