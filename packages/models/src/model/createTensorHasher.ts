/**
 * The root of a tensor whose storage bytes arrive in order, in memory for some rows of tiles (spec/encoding.md section 6). It knows
 * nothing of what the bytes mean.
 */
import { bandBytes, slotsOfBands, type Tensor, tensorBytes, tensorLayout } from "@r3mes/engine";
import {
  assert,
  createTreeBuilder,
  type Hash,
  levelAbove,
  type Sha256,
  sha256,
  tensorDepth,
  tensorGrid,
  tensorRootOfTree,
  treeDepth,
} from "@r3mes/protocol";

export interface TensorHasher {
  /** The next bytes of the tensor's storage form; any number of them. */
  push(bytes: Uint8Array): void;
  /** The root, once all bytes have come. */
  finish(): Hash;
}

/** What is hashed at once, unless a single row of tiles has more. */
const groupBytesMax = 1 << 20;

/** @param id the tensor's number in its list */
export function createTensorHasher(
  tensor: Tensor,
  id: number,
  hash: Sha256 = sha256,
): TensorHasher {
  const layout = tensorLayout(tensor, id);
  const [bandCount, tileCount] = tensorGrid(layout) as [number, number];
  const groupDepth = Math.min(treeDepth(bandCount), depthWithin(groupBytesMax, bandBytes(tensor)));
  const groupBands = 2 ** groupDepth;
  const builder = createTreeBuilder(hash);
  let left = tensorBytes(tensor);
  let first = 0;
  let group = new Uint8Array(0);
  let filled = 0;
  const bytesOfGroup = () => Math.min(left, groupBands * bandBytes(tensor));

  const closeGroup = (bytes: Uint8Array) => {
    const height = groupDepth + treeDepth(tileCount);
    let level = slotsOfBands(tensor, id, { first, bytes }, hash);
    for (let below = 0; below < height; below += 1) level = levelAbove(level, below, hash);
    builder.pushSubtree(level, height);
    first += groupBands;
    left -= bytes.length;
    filled = 0;
  };

  return {
    push: (bytes) => {
      for (let taken = 0; taken < bytes.length; ) {
        const needed = bytesOfGroup();
        assert(needed > 0, "no bytes come behind the last of a tensor");
        const part = bytes.subarray(taken, taken + needed - filled);
        taken += part.length;
        // Most bytes come in pieces that hold whole groups, which need no copy.
        if (part.length === needed) closeGroup(part);
        else {
          if (group.length < needed) group = new Uint8Array(needed);
          group.set(part, filled);
          filled += part.length;
          if (filled === needed) closeGroup(group.subarray(0, needed));
        }
      }
    },
    finish: () => tensorRootOfTree(layout, builder.finish(tensorDepth(layout)), hash),
  };
}

/** How often a part can be doubled within a whole, and no less than not at all. */
function depthWithin(whole: number, part: number): number {
  return Math.max(0, Math.floor(Math.log2(whole / part)));
}
