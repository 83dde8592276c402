/** Tensors as trees of tiles: spec/encoding.md section 6. It must not know what a tensor means. */
import { createWriter } from "../encoding/createWriter.ts";
import { R3mesError } from "../errors/R3mesError.ts";
import { LIMITS } from "../gen/limits.ts";
import { asHash, type Hash } from "../hash/asHash.ts";
import { equalBytes } from "../hash/equalBytes.ts";
import { type Sha256, sha256 } from "../hash/sha256.ts";
import { checkLimit } from "../limits/checkLimit.ts";
import { checkIndex } from "./checkIndex.ts";
import { treeOfMultiproof } from "./multiproof.ts";
import { treeOfProof } from "./proof.ts";
import { treeDepth } from "./treeDepth.ts";
import { leafHash } from "./treeHashes.ts";

/** Codes of element types, as they stand in leaf headers and tensor roots. */
export const ELEMENT_TYPES = {
  i8: 1,
  i16: 2,
  i32: 3,
  i64: 4,
  u8: 5,
  u16: 6,
  u32: 7,
  u64: 8,
  ternary: 9,
} as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

export type TensorLayout = {
  /** Number of the tensor in its step program. */
  readonly tensor: number;
  readonly type: ElementType;
  /** 1 to 4 dimensions; [n] counts as [1, n]. */
  readonly shape: readonly number[];
  /** Rows and columns of a tile; they cut the last two dimensions. */
  readonly tile: readonly [rows: number, columns: number];
};

/** Bits of one element; ternary weights are packed four to a byte. */
const elementBits: { readonly [Type in ElementType]: number } = {
  i8: 8,
  i16: 16,
  i32: 32,
  i64: 64,
  u8: 8,
  u16: 16,
  u32: 32,
  u64: 64,
  ternary: 2,
};

/** How many tiles lie along each dimension. Throws NUMBER_OUT_OF_RANGE or LIMIT_EXCEEDED. */
export function tensorGrid(layout: TensorLayout): readonly number[] {
  const { shape, tile } = layout;
  checkLimit("tensorDimensionsMax", shape.length);
  checkRange("dimensions", shape.length, 1, LIMITS.tensorDimensionsMax);
  checkRange("tensor", layout.tensor, 0, 2 ** 32 - 1);
  for (const extent of shape) checkRange("extent", extent, 1, LIMITS.tensorExtentMax);
  for (const extent of tile) checkRange("tile extent", extent, 1, LIMITS.tileExtentMax);
  const matrix = shape.length === 1 ? [1, ...shape] : shape;
  const outer = matrix.length - tile.length;
  return matrix.map((extent, i) => (i < outer ? extent : Math.ceil(extent / tile[i - outer]!)));
}

/** Depth of the tensor's tree: each dimension of the grid is padded to a power of two by itself. */
export function tensorDepth(layout: TensorLayout): number {
  const depth = tensorGrid(layout).reduce((sum, tiles) => sum + treeDepth(tiles), 0);
  checkLimit("treeDepthMax", depth);
  return depth;
}

/** The tile index, which is the slot, of a position in the grid. Throws MERKLE_INDEX_INVALID. */
export function tileIndex(layout: TensorLayout, position: readonly number[]): number {
  const grid = tensorGrid(layout);
  checkRange("dimensions of the position", position.length, grid.length, grid.length);
  return grid.reduce((index, tiles, i) => {
    checkIndex(position[i]!, tiles);
    return index * 2 ** treeDepth(tiles) + position[i]!;
  }, 0);
}

/** The position of a tile index in the grid. Throws MERKLE_INDEX_INVALID for padding. */
export function tilePosition(layout: TensorLayout, index: number): readonly number[] {
  checkIndex(index, 2 ** tensorDepth(layout));
  let rest = index;
  return tensorGrid(layout)
    .toReversed()
    .map((tiles) => {
      const size = 2 ** treeDepth(tiles);
      const at = rest % size;
      checkIndex(at, tiles);
      rest = (rest - at) / size;
      return at;
    })
    .toReversed();
}

/** Bytes of one tile, padding included. */
export function tileBytes(layout: TensorLayout): number {
  const [rows, columns] = layout.tile;
  return Math.ceil((rows * columns * elementBits[layout.type]) / 8);
}

/** The slot of a tile: its header and its bytes. Throws ENCODING_INVALID for a wrong length. */
export function tileSlot(
  layout: TensorLayout,
  index: number,
  bytes: Uint8Array,
  hash: Sha256 = sha256,
): Hash {
  const expected = tileBytes(layout);
  if (bytes.length !== expected) {
    const { tensor } = layout;
    const found = bytes.length;
    throw new R3mesError({ code: "ENCODING_INVALID", tensor, tile: index, expected, found });
  }
  const writer = createWriter().u8(ELEMENT_TYPES[layout.type]);
  writer.u16(layout.tile[0]).u16(layout.tile[1]).u16(0).u32(layout.tensor).u32(index);
  return leafHash(writer.raw(bytes).finish(), hash);
}

/** The root of a tensor whose tree is known. */
export function tensorRootOfTree(
  layout: TensorLayout,
  tree: Uint8Array,
  hash: Sha256 = sha256,
): Hash {
  tensorDepth(layout);
  const writer = createWriter().u8(2).u32(layout.tensor).u8(ELEMENT_TYPES[layout.type]);
  writer.u8(layout.shape.length);
  for (const extent of layout.shape) writer.u32(extent);
  writer.u16(layout.tile[0]).u16(layout.tile[1]).hash(tree);
  return asHash(hash(writer.finish()));
}

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

function checkRange(name: string, found: number, min: number, max: number): void {
  if (Number.isInteger(found) && found >= min && found <= max) return;
  throw new R3mesError({ code: "NUMBER_OUT_OF_RANGE", name, min, max, found });
}
