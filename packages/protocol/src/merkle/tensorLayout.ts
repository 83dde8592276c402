/** How a tensor is cut into tiles, and where each stands in its tree: spec/encoding.md section 6. */
import { LIMITS } from "../gen/limits.ts";
import { checkLimit } from "../limits/checkLimit.ts";
import { checkRange } from "../limits/checkRange.ts";
import { checkIndex } from "./checkIndex.ts";
import { treeDepth } from "./treeDepth.ts";

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
