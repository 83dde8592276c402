/**
 * Builds a tree from slots that arrive in order, in memory that grows with the depth alone. It keeps
 * no slots: whoever needs proofs builds the tree with `buildTree`.
 */
import { assert } from "../errors/assert.ts";
import { LIMITS } from "../gen/limits.ts";
import { asHash, type Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { treeDepth } from "./treeDepth.ts";
import { emptyHash, nodeHash } from "./treeHashes.ts";

export type TreeBuilder = {
  /** Fills the next slot. */
  push(slot: Uint8Array): void;
  /** Leaves the next `count` slots empty. */
  skip(count: number): void;
  /** Fills the next 2^height slots by the root of their subtree; they must be aligned to their number. */
  pushSubtree(root: Uint8Array, height: number): void;
  /** The tree of the given depth (default: the smallest that holds all slots). Ends the builder. */
  finish(depth?: number): Hash;
};

type Subtree = { readonly root: Hash; readonly height: number };

export function createTreeBuilder(hash: Sha256 = sha256): TreeBuilder {
  // Complete subtrees from the left, each lower than the one before it.
  const pending: Subtree[] = [];
  let filled = 0;
  let finished = false;

  function pushSubtree(root: Uint8Array, height: number): void {
    assert(!finished, "a finished tree takes no more slots");
    const slots = 2 ** height;
    assert(filled % slots === 0, "a subtree begins at a multiple of its size");
    assert(filled + slots <= LIMITS.treeLeavesMax, "a tree has at most 2^32 slots");
    filled += slots;
    let subtree: Subtree = { root: asHash(root), height };
    while (pending.at(-1)?.height === subtree.height) {
      const left = pending.pop()!;
      const joined = nodeHash(left.root, subtree.root, hash);
      subtree = { root: joined, height: subtree.height + 1 };
    }
    pending.push(subtree);
  }

  function skip(count: number): void {
    assert(Number.isSafeInteger(count) && count >= 0, "a whole number of slots is skipped");
    let left = count;
    while (left > 0) {
      let height = 0;
      while (2 ** (height + 1) <= left && filled % 2 ** (height + 1) === 0) height++;
      pushSubtree(emptyHash(height), height);
      left -= 2 ** height;
    }
  }

  function finish(depth = treeDepth(filled)): Hash {
    assert(filled <= 2 ** depth, "the tree is deep enough for its slots");
    skip(2 ** depth - filled);
    finished = true;
    assert(pending.length === 1, "a full tree is one subtree");
    return pending[0]!.root;
  }

  return { push: (slot) => pushSubtree(slot, 0), skip, pushSubtree, finish };
}
