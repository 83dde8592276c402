/**
 * The leaves of a tensor in storage form (spec/encoding.md section 6), for some whole rows of tiles at a time: a large tensor is
 * hashed while it is read. Many leaves are written out at once and handed to the hash together.
 */
import { hashBytes, hashEach, type Sha256 } from "@r3mes/protocol";
import { divFloor } from "../arithmetic/integer.ts";
import type { Tensor } from "../program/program.ts";
import { TYPE_CODES } from "../program/records.ts";
import { blockBytes } from "../tensor/storage.ts";
import { gridOf } from "../tensor/tiles.ts";

/** The byte of a leaf, then the header of section 6. */
const LEAF_HEADER_BYTES = 16;
/** Of leaves that are written out at once: few enough to stay in a processor's cache. */
const LEAVES_BYTES = 64 << 10;
/** Four ternary zeros: the code 01 four times. */
const ZERO_WEIGHTS = 0x55;

/** Whole rows of tiles that lie one behind the other; the last of a tensor may be cut by its edge. */
export interface Bands {
  /** Position of the first row of tiles in the tensor. */
  readonly first: number;
  /** Storage bytes of all of them. */
  readonly bytes: Uint8Array;
}

/** Storage bytes of a row of tiles; the last one may have fewer. */
export function bandBytes({ dtype, columns, tile }: Tensor): number {
  return blockBytes(dtype, tile.rows, columns);
}

/**
 * Slots of the tiles, up to the last one; slots of positions outside the grid are empty, which is zeros.
 *
 * @param id the tensor's number in its list
 */
export function slotsOfBands(tensor: Tensor, id: number, bands: Bands, hash: Sha256): Uint8Array {
  const { columns, columnBits } = gridOf(tensor);
  const rows = Math.ceil(bands.bytes.length / bandBytes(tensor));
  const tiles = rows * columns;
  const placeOf = (tile: number) => {
    const row = divFloor(tile, columns);
    return row * 2 ** columnBits + tile - row * columns;
  };
  const slots = new Uint8Array((placeOf(tiles - 1) + 1) * hashBytes);
  const leaves = createLeaves(tensor, id, tiles);
  for (let first = 0; first < tiles; first += leaves.most) {
    const count = Math.min(leaves.most, tiles - first);
    for (let i = 0; i < count; i++) {
      const row = divFloor(first + i, columns);
      const index = bands.first * 2 ** columnBits + placeOf(first + i);
      leaves.write(i, index, { bytes: bands.bytes, row, column: first + i - row * columns });
    }
    const { bytes, leafBytes } = leaves;
    const digests = hashEach(bytes.subarray(0, count * leafBytes), leafBytes, hash);
    for (let i = 0; i < count; i++) {
      const digest = digests.subarray(i * hashBytes, (i + 1) * hashBytes);
      slots.set(digest, placeOf(first + i) * hashBytes);
    }
  }
  return slots;
}

/** Where a tile lies: its position in the grid over these bytes. */
interface Cut {
  readonly bytes: Uint8Array;
  readonly row: number;
  readonly column: number;
}

/** Room for some leaves of a tensor. */
interface Leaves {
  /** How many fit. */
  readonly most: number;
  readonly leafBytes: number;
  readonly bytes: Uint8Array;
  /** Fills one of them with the tile of an index. */
  write(leaf: number, index: number, cut: Cut): void;
}

/** A tile is copied without reading an element: each of its rows, or of its rows of P16 blocks, is one run. */
function createLeaves(tensor: Tensor, id: number, tiles: number): Leaves {
  const { dtype, columns, tile } = tensor;
  const leafBytes = LEAF_HEADER_BYTES + blockBytes(dtype, tile.rows, tile.columns);
  const most = Math.min(tiles, Math.max(1, Math.floor(LEAVES_BYTES / leafBytes)));
  const bytes = new Uint8Array(most * leafBytes);
  const headers = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += leafBytes) {
    headers.setUint8(at + 1, TYPE_CODES[dtype]);
    headers.setUint16(at + 2, tile.rows, true);
    headers.setUint16(at + 4, tile.columns, true);
    headers.setUint32(at + 8, id, true);
  }
  const runRows = dtype === "t2" ? 16 : 1;
  const stride = blockBytes(dtype, runRows, columns);
  const run = blockBytes(dtype, runRows, tile.columns);
  return {
    most,
    leafBytes,
    bytes,
    write(leaf, index, cut) {
      const at = leaf * leafBytes;
      headers.setUint32(at + 12, index, true);
      const rows = Math.min(
        tile.rows,
        divFloor(cut.bytes.length, stride) * runRows - cut.row * tile.rows,
      );
      const left = cut.column * run;
      const width = Math.min(run, stride - left);
      if (rows < tile.rows || width < run) {
        bytes.fill(dtype === "t2" ? ZERO_WEIGHTS : 0, at + LEAF_HEADER_BYTES, at + leafBytes);
      }
      for (let row = 0; row < rows; row += runRows) {
        const from = divFloor(cut.row * tile.rows + row, runRows) * stride + left;
        const to = at + LEAF_HEADER_BYTES + divFloor(row, runRows) * run;
        bytes.set(cut.bytes.subarray(from, from + width), to);
      }
    },
  };
}
