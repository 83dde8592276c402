/**
 * The tree over the tiles of a tensor in storage form: the trees of spec/encoding.md sections 4 and 6, built without a
 * copy or an object for each tile, because state is hashed after every step and traces hold hundreds of thousands of leaves.
 */
import {
  emptyHash,
  type Hash,
  type Sha256,
  sha256,
  type Tree,
  tensorRootOfTree,
  treeTop,
} from "@r3mes/protocol";
import type { Program } from "../program/program.ts";
import { TYPE_CODES } from "../program/records.ts";
import { layoutOf } from "../tensor/layout.ts";
import { blockBytes } from "../tensor/storage.ts";
import { copyTile, gridOf } from "../tensor/tiles.ts";

const HASH_BYTES = 32;
/** The byte of a leaf, then the header of section 6. */
const LEAF_HEADER_BYTES = 16;
const NODE = 1;

export function treeOfTensor(
  program: Program,
  tensor: number,
  bytes: Uint8Array,
  hash: Sha256 = sha256,
): Tree {
  const { depth } = gridOf(program.tensors[tensor]!);
  const levels: Uint8Array[] = [leavesOf(program, tensor, bytes, hash)];
  for (let height = 0; height < depth; height++)
    levels.push(levelAbove(levels[height]!, height, hash));
  return { depth, levels };
}

export function rootOfTensor(
  program: Program,
  tensor: number,
  bytes: Uint8Array,
  hash: Sha256 = sha256,
): Hash {
  const tree = treeTop(treeOfTensor(program, tensor, bytes, hash));
  return tensorRootOfTree(layoutOf(program, tensor), tree, hash);
}

/** Slots of the tiles, up to the last one; slots of positions outside the grid are empty, which is zeros. */
function leavesOf(program: Program, tensor: number, bytes: Uint8Array, hash: Sha256): Uint8Array {
  const spec = program.tensors[tensor]!;
  const { rows, columns, columnBits } = gridOf(spec);
  const width = 2 ** columnBits;
  const slots = new Uint8Array(((rows - 1) * width + columns) * HASH_BYTES);
  const leaf = new Uint8Array(
    LEAF_HEADER_BYTES + blockBytes(spec.dtype, spec.tile.rows, spec.tile.columns),
  );
  const header = new DataView(leaf.buffer);
  header.setUint8(1, TYPE_CODES[spec.dtype]);
  header.setUint16(2, spec.tile.rows, true);
  header.setUint16(4, spec.tile.columns, true);
  header.setUint32(8, tensor, true);
  const tile = leaf.subarray(LEAF_HEADER_BYTES);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const index = row * width + column;
      header.setUint32(12, index, true);
      copyTile(spec, bytes, index, tile);
      slots.set(hash(leaf), index * HASH_BYTES);
    }
  }
  return slots;
}

function levelAbove(level: Uint8Array, height: number, hash: Sha256): Uint8Array {
  const count = level.length / HASH_BYTES;
  const parents = Math.ceil(count / 2);
  const above = new Uint8Array(parents * HASH_BYTES);
  const pair = new Uint8Array(1 + 2 * HASH_BYTES);
  pair[0] = NODE;
  for (let parent = 0; parent < parents; parent++) {
    const from = 2 * parent * HASH_BYTES;
    pair.set(level.subarray(from, from + 2 * HASH_BYTES), 1);
    if (2 * parent + 1 >= count) pair.set(emptyHash(height), 1 + HASH_BYTES);
    above.set(hash(pair), parent * HASH_BYTES);
  }
  return above;
}
