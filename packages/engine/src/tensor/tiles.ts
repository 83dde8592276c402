/** The tiles of a tensor: which elements one Merkle leaf covers, its index, its bytes (spec/encoding.md section 6). */
import { R3mesError, treeDepth } from "@r3mes/protocol";
import { divFloor } from "../arithmetic/integer.ts";
import type { Region, View } from "../ops/kind.ts";
import type { Tensor } from "../program/program.ts";
import { packBlock } from "./storage.ts";

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

/** The tile that holds an element. */
export function tileOf(tensor: Tensor, row: number, column: number): number {
  const { columnBits } = gridOf(tensor);
  return divFloor(row, tensor.tile.rows) * 2 ** columnBits + divFloor(column, tensor.tile.columns);
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

/** Bytes of a tile of a tensor: row by row, zeros beyond the tensor's edge. */
export function tileBytes(tensor: Tensor, view: View, index: number): Uint8Array {
  const region = tileRegion(tensor, index);
  return packBlock(tensor.dtype, tensor.tile.rows, tensor.tile.columns, (row, column) => {
    if (row >= region.rows || column >= region.columns) return 0;
    return tensor.dtype === "i64"
      ? view.wide(region.row + row, region.column + column)
      : view.at(region.row + row, region.column + column);
  });
}
