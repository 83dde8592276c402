/**
 * The tree over the tiles of a tensor in storage form: the trees of spec/encoding.md sections 4 and 6, built without a
 * copy or an object for each tile, because state is hashed after every step and traces hold hundreds of thousands of leaves.
 */
import {
  type Hash,
  levelAbove,
  type Sha256,
  sha256,
  type Tree,
  tensorRootOfTree,
} from "@r3mes/protocol";
import type { Program } from "../program/program.ts";
import { layoutOf } from "../tensor/layout.ts";
import { gridOf } from "../tensor/tiles.ts";
import { slotsOfBands, topOfBands } from "./hashBands.ts";

export function treeOfTensor(
  program: Program,
  tensor: number,
  bytes: Uint8Array,
  hash: Sha256 = sha256,
): Tree {
  const spec = program.tensors[tensor]!;
  const { depth } = gridOf(spec);
  const levels: Uint8Array[] = [slotsOfBands(spec, tensor, { first: 0, bytes }, hash)];
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
  const spec = program.tensors[tensor]!;
  const top = topOfBands(spec, tensor, { first: 0, bytes }, gridOf(spec).depth, hash);
  return tensorRootOfTree(layoutOf(program, tensor), top, hash);
}
