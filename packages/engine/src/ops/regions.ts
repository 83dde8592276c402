/** Regions that closures are made of. */
import { divFloor } from "../arithmetic/integer.ts";
import type { Tensor } from "../program/program.ts";
import type { Region } from "./kind.ts";

/** The whole tensor. */
export function whole(tensor: Tensor): Region {
  return { row: 0, column: 0, rows: tensor.rows, columns: tensor.columns };
}

/** All columns of a tensor for the rows of a region. */
export function rowsOf(tensor: Tensor, region: Region): Region {
  return { row: region.row, column: 0, rows: region.rows, columns: tensor.columns };
}

/** All rows of a tensor for the columns of a region. */
export function columnsOf(tensor: Tensor, region: Region): Region {
  return { row: 0, column: region.column, rows: tensor.rows, columns: region.columns };
}

/** The rows of a tensor [N, ..] that stand for the columns of a region of a product [.., N]. */
export function rowsForColumns(tensor: Tensor, region: Region): Region {
  return { row: region.column, column: 0, rows: region.columns, columns: tensor.columns };
}

/** A column range of a tensor for the rows of a region. */
export function band(region: Region, column: number, columns: number): Region {
  return { row: region.row, column, rows: region.rows, columns };
}

/** The source block of a reduced region: each output element covers chunkRows x chunkColumns, cut at the edge. */
export function blockOf(
  tensor: Tensor,
  region: Region,
  chunkRows: number,
  chunkColumns: number,
): Region {
  const row = region.row * chunkRows;
  const column = region.column * chunkColumns;
  return {
    row,
    column,
    rows: Math.min(region.rows * chunkRows, tensor.rows - row),
    columns: Math.min(region.columns * chunkColumns, tensor.columns - column),
  };
}

/** Number of chunks that cover n. */
export function chunks(n: number, chunk: number): number {
  return divFloor(n + chunk - 1, chunk);
}

/** Calls `body` for each row of a region, ascending. */
export function eachRow(region: Region, body: (row: number) => void): void {
  for (let row = region.row; row < region.row + region.rows; row++) body(row);
}

/** Calls `body` for each column of a region, ascending. */
export function eachColumn(region: Region, body: (column: number) => void): void {
  for (let column = region.column; column < region.column + region.columns; column++) body(column);
}

/** Calls `body` for each element of a region, row by row. */
export function eachElement(region: Region, body: (row: number, column: number) => void): void {
  eachRow(region, (row) => eachColumn(region, (column) => body(row, column)));
}
