/**
 * The root of a tensor in storage form, from groups of rows of tiles: each is a subtree of its tree (spec/encoding.md section 6), so
 * groups are hashed in any order, and as many at once as the host can. It knows nothing of what the bytes mean.
 */
import { bandBytes, rootOfBands, type Tensor, tensorLayout } from "@r3mes/engine";
import {
  createTreeBuilder,
  type Hash,
  type Sha256,
  sha256,
  tensorDepth,
  tensorGrid,
  tensorRootOfTree,
  treeDepth,
} from "@r3mes/protocol";

export interface TensorHasher {
  /** How many groups the tensor has. */
  readonly groups: number;
  /** Bytes of a group; the last one may have fewer. */
  readonly groupBytes: number;
  /** Nobody may change the bytes before it is done. */
  hashGroup(group: number, bytes: Uint8Array): Promise<void>;
  /** The root, once every group is hashed. */
  finish(): Hash;
}

/** What is hashed at once, unless a single row of tiles has more. */
const groupBytesMax = 512 << 10;

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
  const height = groupDepth + treeDepth(tileCount);
  const groups = Math.ceil(bandCount / groupBands);
  const roots = new Map<number, Uint8Array>();

  return {
    groups,
    groupBytes: groupBands * bandBytes(tensor),
    hashGroup: async (group, bytes) => {
      const bands = { first: group * groupBands, bytes };
      roots.set(group, await rootOfBands(tensor, id, bands, height, hash));
    },
    finish: () => {
      const builder = createTreeBuilder(hash);
      for (let group = 0; group < groups; group++) builder.pushSubtree(roots.get(group)!, height);
      return tensorRootOfTree(layout, builder.finish(tensorDepth(layout)), hash);
    },
  };
}

/** How often a part can be doubled within a whole, and no less than not at all. */
function depthWithin(whole: number, part: number): number {
  return Math.max(0, Math.floor(Math.log2(whole / part)));
}
