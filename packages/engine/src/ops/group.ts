/**
 * Combines the query heads of a group for the key head they share. Rows are [sequence, head, position]; nothing is
 * rounded. Present only in programs whose groups have more than one head.
 */
import { divFloor } from "../arithmetic/integer.ts";
import { defineKind, type Region, type Shapes } from "./kind.ts";

type Params = "group" | "length";

/** Row of query head `member` of the group that key-head row `row` belongs to. */
function memberRow(row: number, member: number, params: Readonly<Record<Params, number>>): number {
  const head = divFloor(row, params.length);
  return (head * params.group + member) * params.length + (row - head * params.length);
}

function members(s: Shapes<"x", never, Params>, region: Region): Region[] {
  return Array.from({ length: s.params.group }, (_, member) => ({
    ...region,
    row: memberRow(region.row, member, s.params),
  }));
}

/** max over the group; i16. */
export const groupMax = defineKind({
  name: "group.max",
  inputs: ["x"],
  optional: [],
  outputs: ["max"],
  params: ["group", "length"],
  shape: (s) => [
    { rows: divFloor(s.in.x.rows, s.params.group), columns: s.in.x.columns, dtype: "i16" },
  ],
  bounds: () => [],
  work: () => 0,
  closure: (s) => [["x", members(s, s.region)]],
  define: [
    ({ region, view, params, set }) => {
      for (let row = region.row; row < region.row + region.rows; row++) {
        for (let column = region.column; column < region.column + region.columns; column++) {
          let max = view.x.at(memberRow(row, 0, params), column);
          for (let g = 1; g < params.group; g++) {
            max = Math.max(max, view.x.at(memberRow(row, g, params), column));
          }
          set(row, column, max);
        }
      }
    },
  ],
});

/** Sum over the group; i32, bounded by the products that it adds (attention.keyGradient). */
export const groupSum = defineKind({
  name: "group.sum",
  inputs: ["x"],
  optional: [],
  outputs: ["sum"],
  params: ["group", "length"],
  shape: (s) => [
    { rows: divFloor(s.in.x.rows, s.params.group), columns: s.in.x.columns, dtype: "i32" },
  ],
  bounds: () => [],
  work: () => 0,
  closure: (s) => [["x", members(s, s.region)]],
  define: [
    ({ region, view, params, set }) => {
      for (let row = region.row; row < region.row + region.rows; row++) {
        for (let column = region.column; column < region.column + region.columns; column++) {
          let sum = 0;
          for (let g = 0; g < params.group; g++)
            sum += view.x.at(memberRow(row, g, params), column);
          set(row, column, sum);
        }
      }
    },
  ],
});
