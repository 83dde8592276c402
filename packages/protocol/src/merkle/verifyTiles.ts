/** Whether tiles stand where they are said to stand in a tensor: spec/encoding.md sections 6 and 7. */
import { R3mesError } from "../errors/R3mesError.ts";
import { equalBytes } from "../hash/equalBytes.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { treeOfMultiproof } from "./multiproof.ts";
import { treeOfProof } from "./proof.ts";
import { type TensorLayout, tensorDepth, tilePosition } from "./tensorLayout.ts";
import { tensorRootOfTree } from "./tensorRoot.ts";
import { tileSlot } from "./tileSlot.ts";

/** Throws unless the tile's bytes stand at `index` of the tensor with this root. */
export function verifyTile(
  tensor: TensorLayout & { readonly root: Uint8Array },
  tile: {
    readonly index: number;
    readonly bytes: Uint8Array;
    readonly siblings: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): void {
  const { index, siblings } = tile;
  tilePosition(tensor, index);
  const slot = tileSlot(tensor, index, tile.bytes, hash);
  const tree = treeOfProof({ depth: tensorDepth(tensor), index, slot, siblings }, hash);
  checkRoot(tensor, tree, hash);
}

/** As `verifyTile`, for several tiles whose indices ascend strictly. */
export function verifyTiles(
  tensor: TensorLayout & { readonly root: Uint8Array },
  tiles: {
    readonly indices: readonly number[];
    readonly bytes: readonly Uint8Array[];
    readonly siblings: readonly Uint8Array[];
  },
  hash: Sha256 = sha256,
): void {
  const { indices, siblings } = tiles;
  if (indices.length !== tiles.bytes.length) {
    const found = tiles.bytes.length;
    throw new R3mesError({ code: "MERKLE_PROOF_SHAPE_INVALID", indices: indices.length, found });
  }
  for (const index of indices) tilePosition(tensor, index);
  const slots = tiles.bytes.map((bytes, i) => tileSlot(tensor, indices[i]!, bytes, hash));
  const depth = tensorDepth(tensor);
  checkRoot(tensor, treeOfMultiproof({ depth, indices, slots, siblings }, hash), hash);
}

function checkRoot(
  tensor: TensorLayout & { readonly root: Uint8Array },
  tree: Uint8Array,
  hash: Sha256,
): void {
  const found = tensorRootOfTree(tensor, tree, hash);
  if (equalBytes(found, tensor.root)) return;
  const { root } = tensor;
  throw new R3mesError({ code: "MERKLE_PROOF_INVALID", tensor: tensor.tensor, root, found });
}
