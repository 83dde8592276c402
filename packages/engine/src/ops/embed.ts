/** The residual stream's first value: one row of the embedding for each token, i32 Q16. */
import { divFloor } from "../arithmetic/integer.ts";
import { defineKind, type Region, requireShape, type View } from "./kind.ts";
import { eachElement, eachRow } from "./regions.ts";

/**
 * Token at a row of [sequences * length]. Sequences may carry one token more than length: the last target. An id that
 * the vocabulary does not have reads as 0, so that the operation is total; training refuses such data before.
 */
export function tokenAt(
  tokens: View,
  row: number,
  length: number,
  vocabulary: number,
  ahead: 0 | 1,
): number {
  const sequence = divFloor(row, length);
  const token = tokens.at(sequence, row - sequence * length + ahead);
  return token >= 0 && token < vocabulary ? token : 0;
}

/** Regions of the token tensor that the rows of a region need. */
export function tokenRegions(region: Region, length: number, ahead: 0 | 1): Region[] {
  const regions: Region[] = [];
  eachRow(region, (row) => {
    const sequence = divFloor(row, length);
    regions.push({ row: sequence, column: row - sequence * length + ahead, rows: 1, columns: 1 });
  });
  return regions;
}

export const embed = defineKind({
  name: "embed",
  inputs: ["tokens", "table"],
  optional: [],
  outputs: ["x"],
  params: ["length"],
  shape: (s) => {
    requireShape(s.in.tokens.columns >= s.params.length, "tokens has at least length columns");
    return [
      { rows: s.in.tokens.rows * s.params.length, columns: s.in.table.columns, dtype: "i32" },
    ];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const tokens = tokenRegions(s.region, s.params.length, 0);
    const table: Region[] = [];
    const view = s.peek("tokens", tokens);
    eachRow(s.region, (row) => {
      const token = tokenAt(view, row, s.params.length, s.in.table.rows, 0);
      table.push({ row: token, column: s.region.column, rows: 1, columns: s.region.columns });
    });
    return [
      ["tokens", tokens],
      ["table", table],
    ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) =>
      eachElement(region, (row, column) => {
        const token = tokenAt(view.tokens, row, params.length, tensors.table.rows, 0);
        set(row, column, view.table.at(token, column));
      }),
  ],
});
