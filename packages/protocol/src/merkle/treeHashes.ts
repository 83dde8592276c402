/** The three hashes of which every tree is made: spec/encoding.md section 4. */
import { assert } from "../errors/assert.ts";
import { LIMITS } from "../gen/limits.ts";
import { asHash, type Hash, hashBytes } from "../hash/asHash.ts";
import { hashEach } from "../hash/hashEach.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";

/** The slot that holds bytes: H(00 ‖ bytes). */
export function leafHash(bytes: Uint8Array, hash: Sha256 = sha256): Hash {
  const preimage = new Uint8Array(1 + bytes.length);
  preimage.set(bytes, 1);
  return asHash(hash(preimage));
}

/** `leafHash` of each of some bytes that have one length, in one call. */
export function leafHashes(items: readonly Uint8Array[], hash: Sha256 = sha256): Hash[] {
  const length = 1 + (items[0]?.length ?? 0);
  const preimages = new Uint8Array(items.length * length);
  for (const [i, item] of items.entries()) {
    assert(item.length === length - 1, "what is hashed together has one length");
    preimages.set(item, i * length + 1);
  }
  const hashes = hashEach(preimages, length, hash);
  return items.map((_, i) => asHash(hashes.subarray(i * hashBytes, (i + 1) * hashBytes)));
}

// The preimage of the node that is being hashed; a `Sha256` does not keep its argument.
const nodePreimage = Uint8Array.of(1, ...new Uint8Array(2 * hashBytes));

/** The parent of two slots or nodes: H(01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array, hash: Sha256 = sha256): Hash {
  nodePreimage.set(asHash(left), 1);
  nodePreimage.set(asHash(right), 1 + hashBytes);
  return asHash(hash(nodePreimage));
}

const emptyHashes: readonly Hash[] = Array.from({ length: LIMITS.treeDepthMax }).reduce<Hash[]>(
  (hashes) => [...hashes, nodeHash(hashes.at(-1)!, hashes.at(-1)!)],
  [asHash(new Uint8Array(hashBytes))],
);

/** The tree of the given height in which every slot is empty. */
export function emptyHash(height: number): Hash {
  assert(height in emptyHashes, "an empty tree has a height of 0 to 32");
  return emptyHashes[height]!.slice() as Hash;
}
