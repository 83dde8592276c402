/**
 * The tree over a tensor in storage form (spec/encoding.md section 6), for some whole rows of tiles at a time: a large tensor is
 * hashed while it is read. A host that can hash tiles where they lie does so; else many leaves are written out at once and handed to
 * the hash together.
 */
import { hashBytes, hashEach, levelAbove, type Sha256, type Tiling } from "@r3mes/protocol";
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
  const tiling = tilingOf(tensor, id, bands.first);
  return hash.tiles?.slots(bands.bytes, tiling) ?? slotsOfTiles(bands.bytes, tiling, hash);
}

/**
 * The root of the subtree of a height over the slots.
 *
 * @param id the tensor's number in its list
 */
export function topOfBands(
  tensor: Tensor,
  id: number,
  bands: Bands,
  height: number,
  hash: Sha256,
): Uint8Array {
  const tiling = tilingOf(tensor, id, bands.first);
  if (hash.tiles !== undefined) return hash.tiles.top(bands.bytes, tiling, height);
  let level = slotsOfTiles(bands.bytes, tiling, hash);
  for (let below = 0; below < height; below += 1) level = levelAbove(level, below, hash);
  return level;
}

/** As `topOfBands`; a host that computes it beside the caller reads the bytes until it is there. */
export async function rootOfBands(
  tensor: Tensor,
  id: number,
  bands: Bands,
  height: number,
  hash: Sha256,
): Promise<Uint8Array> {
  if (hash.tiles === undefined) return topOfBands(tensor, id, bands, height, hash);
  return hash.tiles.root(bands.bytes, tilingOf(tensor, id, bands.first), height);
}

/** A tile is taken without reading an element: each of its rows, or of its rows of P16 blocks, is one run. */
function tilingOf(tensor: Tensor, id: number, firstBand: number): Tiling {
  const { dtype, columns, tile } = tensor;
  const rowSlots = 2 ** gridOf(tensor).columnBits;
  const runRows = dtype === "t2" ? 16 : 1;
  const header = new Uint8Array(LEAF_HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint8(1, TYPE_CODES[dtype]);
  view.setUint16(2, tile.rows, true);
  view.setUint16(4, tile.columns, true);
  view.setUint32(8, id, true);
  return {
    header,
    first: firstBand * rowSlots,
    run: blockBytes(dtype, runRows, tile.columns),
    runs: divFloor(tile.rows, runRows),
    stride: blockBytes(dtype, runRows, columns),
    rowSlots,
    fill: dtype === "t2" ? ZERO_WEIGHTS : 0,
  };
}

function slotsOfTiles(bytes: Uint8Array, tiling: Tiling, hash: Sha256): Uint8Array {
  const { run, runs, stride, rowSlots } = tiling;
  const across = Math.ceil(stride / run);
  const tiles = Math.ceil(bytes.length / (stride * runs)) * across;
  const slotOf = (tile: number) => {
    const row = divFloor(tile, across);
    return row * rowSlots + tile - row * across;
  };
  const slots = new Uint8Array((slotOf(tiles - 1) + 1) * hashBytes);
  const leafBytes = LEAF_HEADER_BYTES + run * runs;
  const most = Math.min(tiles, Math.max(1, Math.floor(LEAVES_BYTES / leafBytes)));
  const leaves = new Uint8Array(most * leafBytes);
  for (let first = 0; first < tiles; first += most) {
    const count = Math.min(most, tiles - first);
    for (let i = 0; i < count; i++) {
      const leaf = leaves.subarray(i * leafBytes, (i + 1) * leafBytes);
      writeLeaf(leaf, bytes, tiling, slotOf(first + i));
    }
    const digests = hashEach(leaves.subarray(0, count * leafBytes), leafBytes, hash);
    for (let i = 0; i < count; i++) {
      const digest = digests.subarray(i * hashBytes, (i + 1) * hashBytes);
      slots.set(digest, slotOf(first + i) * hashBytes);
    }
  }
  return slots;
}

/** @param slot of the tile, counted from the first of these bytes */
function writeLeaf(leaf: Uint8Array, bytes: Uint8Array, tiling: Tiling, slot: number): void {
  const { run, runs, stride, rowSlots } = tiling;
  const row = divFloor(slot, rowSlots);
  const left = (slot - row * rowSlots) * run;
  const width = Math.min(run, stride - left);
  const rows = Math.min(runs, divFloor(bytes.length, stride) - row * runs);
  leaf.set(tiling.header);
  const header = new DataView(leaf.buffer, leaf.byteOffset, LEAF_HEADER_BYTES);
  header.setUint32(LEAF_HEADER_BYTES - 4, tiling.first + slot, true);
  if (rows < runs || width < run) leaf.fill(tiling.fill, LEAF_HEADER_BYTES);
  for (let i = 0; i < rows; i++) {
    const from = (row * runs + i) * stride + left;
    leaf.set(bytes.subarray(from, from + width), LEAF_HEADER_BYTES + i * run);
  }
}
