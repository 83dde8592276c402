/**
 * The plain product of int8 rows with the rows of a small or wide matrix, in exact i32 partial sums.
 *
 * Output [T, N * chunks]: the partial sums of one block of up to 32 columns lie beside each other, so that a combining
 * tile opens one run of leaves. `partialColumn` is that order.
 */
import { divFloor, pow2 } from "../arithmetic/integer.ts";
import { defineKind, I32_MAX, requireShape } from "./kind.ts";
import { chunks, eachRow } from "./regions.ts";

const LANE = 32;

/** Column of the partial sum of output column j over chunk c of `count`, in a product with n columns. */
export function partialColumn(j: number, c: number, count: number, n: number): number {
  const lane = Math.min(LANE, n);
  const block = divFloor(j, lane);
  return (block * count + c) * lane + (j - block * lane);
}

/** Inverse of `partialColumn`. */
function splitColumn(column: number, count: number, n: number): { j: number; c: number } {
  const lane = Math.min(LANE, n);
  const run = divFloor(column, lane);
  const block = divFloor(run, count);
  return { j: block * lane + (column - run * lane), c: run - block * count };
}

/** acc[t, (j, c)] = sum over chunk c of a[t, k] * b[j, k]; b has `bits` signed bits. */
export const gemm = defineKind({
  name: "gemm",
  inputs: ["a", "b"],
  optional: [],
  outputs: ["acc"],
  params: ["chunk", "bits"],
  shape: (s) => {
    requireShape(s.in.a.dtype === "i8", "a is i8");
    requireShape(s.in.b.dtype === "i8" || s.in.b.dtype === "i16", "b is i8 or i16");
    requireShape(s.in.a.columns === s.in.b.columns, "a and b have the same columns");
    requireShape(
      s.in.b.rows <= LANE || s.in.b.rows % LANE === 0,
      "b has at most 32 rows or a multiple",
    );
    const count = chunks(s.in.a.columns, s.params.chunk);
    return [{ rows: s.in.a.rows, columns: s.in.b.rows * count, dtype: "i32" }];
  },
  bounds: (s) => [
    {
      what: "sum of a * b over a chunk",
      max: 127 * (pow2(s.params.bits - 1) - 1) * Math.min(s.params.chunk, s.in.a.columns),
      limit: I32_MAX,
    },
  ],
  work: (s) => s.in.a.rows * s.in.a.columns * s.in.b.rows * (s.params.bits > 8 ? 2 : 1),
  cost: (s) => s.region.rows * s.region.columns * Math.min(s.params.chunk, s.in.a.columns),
  closure: (s) => {
    const count = chunks(s.in.a.columns, s.params.chunk);
    const { j, c } = splitColumn(s.region.column, count, s.in.b.rows);
    const last = splitColumn(s.region.column + s.region.columns - 1, count, s.in.b.rows);
    const oneBlock = last.c === c;
    const column = oneBlock ? c * s.params.chunk : 0;
    const end = oneBlock ? Math.min(s.in.a.columns, column + s.params.chunk) : s.in.a.columns;
    const rows = oneBlock ? last.j - j + 1 : s.in.b.rows;
    return [
      ["a", [{ row: s.region.row, column, rows: s.region.rows, columns: end - column }]],
      ["b", [{ row: oneBlock ? j : 0, column, rows, columns: end - column }]],
    ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) => {
      const count = chunks(tensors.a.columns, params.chunk);
      eachRow(region, (t) => {
        for (let column = region.column; column < region.column + region.columns; column++) {
          const { j, c } = splitColumn(column, count, tensors.b.rows);
          const end = Math.min(tensors.a.columns, (c + 1) * params.chunk);
          let acc = 0;
          for (let k = c * params.chunk; k < end; k++) acc += view.a.at(t, k) * view.b.at(j, k);
          set(t, column, acc);
        }
      });
    },
  ],
});
