/** Proofs of one slot: spec/encoding.md section 7. */
import { R3mesError } from "../errors/R3mesError.ts";
import { asHash, type Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { type Tree, treeNode } from "./buildTree.ts";
import { checkIndex } from "./checkIndex.ts";
import { nodeHash } from "./treeHashes.ts";

/** The siblings of a slot, the lowest first: as many as the tree is deep. */
export function proveSlot(tree: Tree, index: number): Hash[] {
  checkIndex(index, 2 ** tree.depth);
  const siblings: Hash[] = [];
  let at = index;
  for (let height = 0; height < tree.depth; height++) {
    const odd = at % 2;
    siblings.push(treeNode(tree, height, odd === 1 ? at - 1 : at + 1));
    at = (at - odd) / 2;
  }
  return siblings;
}

/**
 * The tree that a proof leads to; the caller compares it, or the root made of it, with what was
 * committed. Throws MERKLE_INDEX_INVALID or MERKLE_PROOF_SHAPE_INVALID.
 */
export function treeOfProof(
  proof: {
    readonly depth: number;
    readonly index: number;
    readonly slot: Uint8Array;
    readonly siblings: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): Hash {
  const { depth, index, slot, siblings } = proof;
  checkIndex(index, 2 ** depth);
  if (siblings.length !== depth) {
    const found = siblings.length;
    throw new R3mesError({ code: "MERKLE_PROOF_SHAPE_INVALID", index, siblings: depth, found });
  }
  let node = asHash(slot);
  let at = index;
  for (const sibling of siblings) {
    const odd = at % 2;
    node = odd === 1 ? nodeHash(sibling, node, hash) : nodeHash(node, sibling, hash);
    at = (at - odd) / 2;
  }
  return node;
}
