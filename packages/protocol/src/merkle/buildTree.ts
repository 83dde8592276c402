/**
 * A whole tree in memory, level by level, for whoever has to prove slots. What lies right of the last
 * slot is never stored: those nodes are the constants of empty subtrees.
 */
import { assert } from "../errors/assert.ts";
import { asHash, type Hash, hashBytes } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { levelAbove } from "./levelAbove.ts";
import { treeDepth } from "./treeDepth.ts";
import { emptyHash } from "./treeHashes.ts";

export type Tree = {
  readonly depth: number;
  /** levels[k] holds the nodes of height k from the left, 32 bytes each; level 0 holds the slots. */
  readonly levels: readonly Uint8Array[];
};

/**
 * Builds the tree over `slots`; an undefined slot is empty. The depth is the smallest that holds them
 * unless it is given.
 */
export function buildTree(
  slots: readonly (Uint8Array | undefined)[],
  options: { readonly depth?: number; readonly hash?: Sha256 } = {},
): Tree {
  const depth = options.depth ?? treeDepth(slots.length);
  assert(slots.length <= 2 ** depth, "the tree is deep enough for its slots");
  const bottom = new Uint8Array(slots.length * hashBytes);
  slots.forEach((slot, i) => {
    if (slot !== undefined) bottom.set(asHash(slot), i * hashBytes);
  });
  const levels: Uint8Array[] = [bottom];
  for (let height = 0; height < depth; height++) {
    levels.push(levelAbove(levels[height]!, height, options.hash ?? sha256));
  }
  return { depth, levels };
}

/** The node of a height at a position; an empty subtree's constant where nothing is stored. */
export function treeNode(tree: Tree, height: number, index: number): Hash {
  const level = tree.levels[height]!;
  if (index * hashBytes >= level.length) return emptyHash(height);
  return asHash(level.slice(index * hashBytes, (index + 1) * hashBytes));
}

/** The node at the top. */
export function treeTop(tree: Tree): Hash {
  return treeNode(tree, tree.depth, 0);
}
