/**
 * Proofs of several slots at once: spec/encoding.md section 7. A set of slots has exactly one proof,
 * because both sides walk the tree in the same order and nothing that can be computed is sent.
 */
import { R3mesError } from "../errors/R3mesError.ts";
import { asHash, type Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { checkLimit } from "../limits/checkLimit.ts";
import { type Tree, treeNode } from "./buildTree.ts";
import { checkIndex } from "./checkIndex.ts";
import { nodeHash } from "./treeHashes.ts";

/** The hashes that cannot be computed from the slots at `indices`, which ascend strictly. */
export function proveSlots(tree: Tree, indices: readonly number[]): Hash[] {
  checkIndices(indices, 2 ** tree.depth);
  const proof: Hash[] = [];
  let known = indices;
  for (let height = 0; height < tree.depth; height++) {
    known = parents(known, (index) => proof.push(treeNode(tree, height, index)));
  }
  return proof;
}

/** The positions above `known`; calls `missing` for each sibling that is not among them, in order. */
function parents(known: readonly number[], missing: (index: number) => void): number[] {
  const above: number[] = [];
  for (let i = 0; i < known.length; i++) {
    const at = known[i]!;
    const odd = at % 2;
    if (odd === 0 && known[i + 1] === at + 1) i++;
    else missing(odd === 1 ? at - 1 : at + 1);
    above.push((at - odd) / 2);
  }
  return above;
}

/**
 * The tree that a multiproof leads to; the caller compares it, or the root made of it, with what was
 * committed. Throws MERKLE_INDEX_INVALID, MERKLE_PROOF_SHAPE_INVALID or LIMIT_EXCEEDED.
 */
export function treeOfMultiproof(
  proof: {
    readonly depth: number;
    readonly indices: readonly number[];
    readonly slots: readonly Uint8Array[];
    readonly siblings: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): Hash {
  const { depth, indices, slots, siblings } = proof;
  checkIndices(indices, 2 ** depth);
  if (slots.length !== indices.length)
    refuseShape({ indices: indices.length, slots: slots.length });
  let used = 0;
  const takeSibling = (): Uint8Array => {
    const sibling = siblings[used++];
    return sibling ?? refuseShape({ siblings: siblings.length, needed: "more" });
  };
  let known = indices.map((index, i) => ({ index, node: asHash(slots[i]!) }));
  for (let height = 0; height < depth; height++) known = parentsOf(known, takeSibling, hash);
  if (used !== siblings.length) refuseShape({ siblings: siblings.length, needed: used });
  return known[0]!.node;
}

type Known = { readonly index: number; readonly node: Hash };

function parentsOf(known: readonly Known[], takeSibling: () => Uint8Array, hash: Sha256): Known[] {
  const above: Known[] = [];
  for (let i = 0; i < known.length; i++) {
    const { index, node } = known[i]!;
    const odd = index % 2;
    const right = known[i + 1];
    if (odd === 0 && right?.index === index + 1) {
      above.push({ index: index / 2, node: nodeHash(node, right.node, hash) });
      i++;
      continue;
    }
    const sibling = takeSibling();
    const joined = odd === 1 ? nodeHash(sibling, node, hash) : nodeHash(node, sibling, hash);
    above.push({ index: (index - odd) / 2, node: joined });
  }
  return above;
}

function checkIndices(indices: readonly number[], count: number): void {
  if (indices.length === 0) refuseShape({ indices: 0 });
  checkLimit("multiproofLeavesMax", indices.length);
  let previous = -1;
  for (const index of indices) {
    checkIndex(index, count);
    if (index <= previous) refuseShape({ index, previous });
    previous = index;
  }
}

function refuseShape(facts: { readonly [name: string]: number | string }): never {
  throw new R3mesError({ code: "MERKLE_PROOF_SHAPE_INVALID", ...facts });
}
