/** AQ over rows or over a whole tensor: first the magnitude, then the mantissas (spec/arithmetic.md section 4). */
import {
  magnitudeOf,
  NO_MAGNITUDE,
  quantise as quantiseOne,
} from "../arithmetic/alignedQuantise.ts";
import { defineKind, requireShape } from "./kind.ts";
import { band, blockOf, chunks } from "./regions.ts";

/**
 * Largest magnitude of each block of x, whose rows have the exponents e (or all of them `exponent`).
 * With relu = 1 negative elements are absent. A block without a non-zero element gives NO_MAGNITUDE.
 */
export const magnitude = defineKind({
  name: "magnitude",
  inputs: ["x"],
  optional: ["e"],
  outputs: ["magnitude"],
  params: ["chunkRows", "chunkColumns", "exponent", "relu"],
  shape: (s) => [
    {
      rows: chunks(s.in.x.rows, s.params.chunkRows),
      columns: chunks(s.in.x.columns, s.params.chunkColumns),
      dtype: "i16",
    },
  ],
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const block = blockOf(s.in.x, s.region, s.params.chunkRows, s.params.chunkColumns);
    return s.in.e === undefined
      ? [["x", [block]]]
      : [
          ["x", [block]],
          ["e", [band(block, 0, 1)]],
        ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) => {
      for (let row = region.row; row < region.row + region.rows; row++) {
        for (let column = region.column; column < region.column + region.columns; column++) {
          const block = blockOf(
            tensors.x,
            { row, column, rows: 1, columns: 1 },
            params.chunkRows,
            params.chunkColumns,
          );
          let max = NO_MAGNITUDE;
          for (let i = block.row; i < block.row + block.rows; i++) {
            const e = view.e === undefined ? params.exponent : view.e.at(i, 0);
            for (let j = block.column; j < block.column + block.columns; j++) {
              const value = view.x.at(i, j);
              if (params.relu === 1 && value < 0) continue;
              max = Math.max(max, magnitudeOf(value, e));
            }
          }
          set(row, column, max);
        }
      }
    },
  ],
});

/** Mantissas of x at magnitude m, in `bits` bits. m has one row for each row of x, or one for the whole tensor. */
export const quantise = defineKind({
  name: "quantise",
  inputs: ["x", "m"],
  optional: ["e"],
  outputs: ["q"],
  params: ["bits", "exponent"],
  shape: (s) => {
    requireShape(s.in.m.columns === 1, "m has one column");
    requireShape(s.in.m.rows === 1 || s.in.m.rows === s.in.x.rows, "m has one row or those of x");
    requireShape(s.params.bits >= 2 && s.params.bits <= 16, "bits is 2 to 16");
    return [
      { rows: s.in.x.rows, columns: s.in.x.columns, dtype: s.params.bits <= 8 ? "i8" : "i16" },
    ];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const m = s.in.m.rows === 1 ? { row: 0, column: 0, rows: 1, columns: 1 } : band(s.region, 0, 1);
    return [
      ["x", [s.region]],
      ["m", [m]],
      ...(s.in.e === undefined ? [] : ([["e", [band(s.region, 0, 1)]]] as const)),
    ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) => {
      for (let i = region.row; i < region.row + region.rows; i++) {
        const e = view.e === undefined ? params.exponent : view.e.at(i, 0);
        const m = view.m.at(tensors.m.rows === 1 ? 0 : i, 0);
        for (let j = region.column; j < region.column + region.columns; j++) {
          set(i, j, quantiseOne(view.x.at(i, j), e, m, params.bits));
        }
      }
    },
  ],
});
