/** One level of a tree from the level below it. */
import { hashBytes } from "../hash/asHash.ts";
import { hashEach } from "../hash/hashEach.ts";
import type { Sha256 } from "../hash/sha256.ts";
import { emptyHash } from "./treeHashes.ts";

/** The byte of a node, then its two children. */
const preimageBytes = 1 + 2 * hashBytes;
/** Nodes whose preimages are written out at once: few enough to stay in a processor's cache. */
const nodesAtOnce = 512;

/**
 * The parents of nodes that lie one behind the other, the first of them a left one. Where the last one has no right neighbour, an
 * empty subtree of its height stands in.
 *
 * @param level 32 bytes for each node
 * @param height of these nodes
 */
export function levelAbove(level: Uint8Array, height: number, hash: Sha256): Uint8Array {
  const nodes = level.length / hashBytes;
  const above = new Uint8Array(Math.ceil(nodes / 2) * hashBytes);
  const preimages = new Uint8Array(Math.min(above.length / hashBytes, nodesAtOnce) * preimageBytes);
  for (let first = 0; first * hashBytes < above.length; first += nodesAtOnce) {
    const count = Math.min(nodesAtOnce, above.length / hashBytes - first);
    for (let i = 0; i < count; i++) {
      const at = i * preimageBytes;
      const left = 2 * (first + i) * hashBytes;
      preimages[at] = 1;
      preimages.set(level.subarray(left, left + 2 * hashBytes), at + 1);
      if (left + hashBytes === level.length) {
        preimages.set(emptyHash(height), at + 1 + hashBytes);
      }
    }
    const filled = preimages.subarray(0, count * preimageBytes);
    above.set(hashEach(filled, preimageBytes, hash), first * hashBytes);
  }
  return above;
}
