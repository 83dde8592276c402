/** Lists under a root that binds their kind and their length: spec/encoding.md section 5. */
import type { Hash } from "../hash/asHash.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { type Tag, taggedHash } from "../hash/taggedHash.ts";
import { buildTree, treeTop } from "./buildTree.ts";

/** The root of the list whose items have these slots. */
export function listRoot(tag: Tag, slots: readonly Uint8Array[], hash: Sha256 = sha256): Hash {
  return listRootOfTree(tag, slots.length, treeTop(buildTree(slots, { hash })), hash);
}

/** The root of a list of `count` items whose tree is known. */
export function listRootOfTree(
  tag: Tag,
  count: number,
  tree: Uint8Array,
  hash: Sha256 = sha256,
): Hash {
  return taggedHash(tag, (fields) => fields.u64(BigInt(count)).hash(tree), hash);
}
