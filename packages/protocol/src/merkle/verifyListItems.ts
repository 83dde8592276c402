/** Whether items stand where they are said to stand in a list: spec/encoding.md sections 5 and 7. */
import { R3mesError } from "../errors/R3mesError.ts";
import { equalBytes } from "../hash/equalBytes.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import type { Tag } from "../hash/taggedHash.ts";
import { checkIndex } from "./checkIndex.ts";
import { listRootOfTree } from "./listRoot.ts";
import { treeOfMultiproof } from "./multiproof.ts";
import { treeOfProof } from "./proof.ts";
import { treeDepth } from "./treeDepth.ts";

/** What a verifier knows about a list: its kind, its length and its root. */
export type ListCommitment = {
  readonly tag: Tag;
  readonly count: number;
  readonly root: Uint8Array;
};

/** Throws MERKLE_INDEX_INVALID, MERKLE_PROOF_SHAPE_INVALID or MERKLE_PROOF_INVALID. */
export function verifyListItem(
  list: ListCommitment,
  item: {
    readonly index: number;
    readonly slot: Uint8Array;
    readonly siblings: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): void {
  checkIndex(item.index, list.count);
  const tree = treeOfProof({ depth: treeDepth(list.count), ...item }, hash);
  checkRoot(list, tree, hash);
}

/** As `verifyListItem`, for several items whose indices ascend strictly. */
export function verifyListItems(
  list: ListCommitment,
  items: {
    readonly indices: readonly number[];
    readonly slots: readonly Uint8Array[];
    readonly siblings: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): void {
  for (const index of items.indices) checkIndex(index, list.count);
  const tree = treeOfMultiproof({ depth: treeDepth(list.count), ...items }, hash);
  checkRoot(list, tree, hash);
}

function checkRoot(list: ListCommitment, tree: Uint8Array, hash: Sha256): void {
  const found = listRootOfTree(list.tag, list.count, tree, hash);
  if (equalBytes(found, list.root)) return;
  throw new R3mesError({ code: "MERKLE_PROOF_INVALID", list: list.tag, root: list.root, found });
}
