/**
 * The root of a tensor whose storage bytes arrive in order, in memory for one band of tiles (spec/encoding.md section 6). It cuts
 * bytes into tiles and knows nothing of their meaning.
 */
import type { Tensor } from "@r3mes/engine";
import {
  createTreeBuilder,
  type ElementType,
  type Hash,
  type Sha256,
  sha256,
  type TensorLayout,
  tensorDepth,
  tensorGrid,
  tensorRootOfTree,
  tileBytes,
  tileSlot,
  treeDepth,
} from "@r3mes/protocol";

export interface TensorHasher {
  /** The next bytes of the tensor's storage form; any number of them. */
  push(bytes: Uint8Array): void;
  /** The root, once all bytes have come. */
  finish(): Hash;
}

const ELEMENT_TYPE: { readonly [Type in Tensor["dtype"]]: ElementType } = {
  t2: "ternary",
  i8: "i8",
  i16: "i16",
  i32: "i32",
  i64: "i64",
};

const ELEMENT_BITS = { t2: 2, i8: 8, i16: 16, i32: 32, i64: 64 } as const;

/** Bytes that 16 rows of ternary weights, a row of blocks, need for each of their columns. */
const BLOCK_ROW_BYTES = 4;

/** Four weights of zero. */
const ZERO_WEIGHTS = 0b01010101;

/** How the protocol sees a tensor of the engine. */
export function layoutOf(tensor: Tensor, id: number): TensorLayout {
  return {
    tensor: id,
    type: ELEMENT_TYPE[tensor.dtype],
    shape: [tensor.rows, tensor.columns],
    tile: [tensor.tile.rows, tensor.tile.columns],
  };
}

/** Bytes of a run of rows in storage form. */
export function rowBytes(tensor: Tensor, rows: number): number {
  return (rows * tensor.columns * ELEMENT_BITS[tensor.dtype]) / 8;
}

/** @param id the tensor's number in its list */
export function createTensorHasher(
  tensor: Tensor,
  id: number,
  hash: Sha256 = sha256,
): TensorHasher {
  const layout = layoutOf(tensor, id);
  const [bandCount, tileCount] = tensorGrid(layout) as [number, number];
  const slotsOfBand = 2 ** treeDepth(tileCount);
  const builder = createTreeBuilder(hash);
  const cut = tensor.dtype === "t2" ? cutTernary : cutPlain;
  let bands = 0;
  let band = new Uint8Array(bandBytes(tensor, 0));
  let filled = 0;

  const closeBand = () => {
    for (let column = 0; column < tileCount; column += 1) {
      const tile = cut(tensor, band, column, tileBytes(layout));
      builder.push(tileSlot(layout, bands * slotsOfBand + column, tile, hash));
    }
    builder.skip(slotsOfBand - tileCount);
    bands += 1;
    filled = 0;
    if (bands < bandCount) band = new Uint8Array(bandBytes(tensor, bands));
  };

  return {
    push: (bytes) => {
      for (let taken = 0; taken < bytes.length; ) {
        const part = bytes.subarray(taken, taken + band.length - filled);
        band.set(part, filled);
        filled += part.length;
        taken += part.length;
        if (filled === band.length) closeBand();
      }
    },
    finish: () => tensorRootOfTree(layout, builder.finish(tensorDepth(layout)), hash),
  };
}

function bandBytes(tensor: Tensor, band: number): number {
  return rowBytes(tensor, Math.min(tensor.tile.rows, tensor.rows - band * tensor.tile.rows));
}

/** A tile of row-major elements, zeros beyond the tensor's edge. */
function cutPlain(tensor: Tensor, band: Uint8Array, column: number, bytes: number): Uint8Array {
  const elementBytes = ELEMENT_BITS[tensor.dtype] / 8;
  const stride = tensor.columns * elementBytes;
  return cutRuns(band, stride, column, tensor.tile.columns * elementBytes, new Uint8Array(bytes));
}

/** A tile of ternary blocks: each of its block rows is a run of whole blocks. */
function cutTernary(tensor: Tensor, band: Uint8Array, column: number, bytes: number): Uint8Array {
  const stride = BLOCK_ROW_BYTES * tensor.columns;
  const tile = new Uint8Array(bytes).fill(ZERO_WEIGHTS);
  return cutRuns(band, stride, column, BLOCK_ROW_BYTES * tensor.tile.columns, tile);
}

/** Copies the part of each run of `stride` bytes that belongs to a tile of `width` bytes. */
function cutRuns(
  band: Uint8Array,
  stride: number,
  column: number,
  width: number,
  tile: Uint8Array,
): Uint8Array {
  for (let row = 0; row * stride < band.length; row += 1) {
    const from = row * stride + column * width;
    tile.set(band.subarray(from, Math.min(from + width, (row + 1) * stride)), row * width);
  }
  return tile;
}
