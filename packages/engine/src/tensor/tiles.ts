/** The tiles of a tensor: which elements one Merkle leaf covers, its index, its bytes (spec/encoding.md section 6). */
import { R3mesError, treeDepth } from "@r3mes/protocol";
import { divFloor } from "../arithmetic/integer.ts";
import type { Region } from "../ops/kind.ts";
import type { Tensor } from "../program/program.ts";
import { blockBytes } from "./storage.ts";

export interface Grid {
  readonly rows: number;
  readonly columns: number;
  /** Bits of a column position in a tile index. */
  readonly columnBits: number;
  /** Depth of the tensor's tree. */
  readonly depth: number;
}

export function gridOf(tensor: Tensor): Grid {
  const rows = divFloor(tensor.rows + tensor.tile.rows - 1, tensor.tile.rows);
  const columns = divFloor(tensor.columns + tensor.tile.columns - 1, tensor.tile.columns);
  const columnBits = treeDepth(columns);
  return { rows, columns, columnBits, depth: treeDepth(rows) + columnBits };
}

/** Indices of all tiles, ascending. Positions between the grid and the next power of two have none. */
export function tileIndices(tensor: Tensor): number[] {
  const grid = gridOf(tensor);
  const indices: number[] = [];
  for (let row = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++) {
      indices.push(row * 2 ** grid.columnBits + column);
    }
  }
  return indices;
}

/** The elements of a tile, cut at the tensor's edge. */
export function tileRegion(tensor: Tensor, index: number): Region {
  const grid = gridOf(tensor);
  const gridRow = divFloor(index, 2 ** grid.columnBits);
  const gridColumn = index - gridRow * 2 ** grid.columnBits;
  if (index < 0 || gridRow >= grid.rows || gridColumn >= grid.columns) {
    throw new R3mesError({ code: "TRACE_POSITION_INVALID", tensor: tensor.name, tile: index });
  }
  const row = gridRow * tensor.tile.rows;
  const column = gridColumn * tensor.tile.columns;
  return {
    row,
    column,
    rows: Math.min(tensor.tile.rows, tensor.rows - row),
    columns: Math.min(tensor.tile.columns, tensor.columns - column),
  };
}

/** Indices of the tiles that a region touches, ascending. */
export function tilesOf(tensor: Tensor, region: Region): number[] {
  const { columnBits } = gridOf(tensor);
  const indices: number[] = [];
  if (region.rows <= 0 || region.columns <= 0) return indices;
  const lastRow = divFloor(region.row + region.rows - 1, tensor.tile.rows);
  const lastColumn = divFloor(region.column + region.columns - 1, tensor.tile.columns);
  for (let row = divFloor(region.row, tensor.tile.rows); row <= lastRow; row++) {
    for (
      let column = divFloor(region.column, tensor.tile.columns);
      column <= lastColumn;
      column++
    ) {
      indices.push(row * 2 ** columnBits + column);
    }
  }
  return indices;
}

/** Bytes of a tile: a copy out of the tensor's storage form, zeros beyond the tensor's edge. */
export function tileBytes(tensor: Tensor, bytes: Uint8Array, index: number): Uint8Array {
  const tile = new Uint8Array(blockBytes(tensor.dtype, tensor.tile.rows, tensor.tile.columns));
  copyTile(tensor, bytes, index, tile);
  return tile;
}

/**
 * Copies a tile without reading an element: each of its rows, or of its rows of P16 blocks, is one run. Elements beyond
 * the tensor's edge are zeros; a ternary zero is the code 01, four of them the byte 55.
 */
function copyTile(tensor: Tensor, bytes: Uint8Array, index: number, tile: Uint8Array): void {
  const { rows, columns } = tensor.tile;
  const region = tileRegion(tensor, index);
  const isTernary = tensor.dtype === "t2";
  if (region.rows < rows || region.columns < columns) tile.fill(isTernary ? 0x55 : 0);
  const height = isTernary ? 16 : 1;
  const run = blockBytes(tensor.dtype, height, region.columns);
  const left = blockBytes(tensor.dtype, height, region.column);
  for (let row = 0; row < region.rows; row += height) {
    const from = blockBytes(tensor.dtype, region.row + row, tensor.columns) + left;
    tile.set(bytes.subarray(from, from + run), blockBytes(tensor.dtype, row, columns));
  }
}
