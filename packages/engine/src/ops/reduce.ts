/** Maxima and exact sums over fixed blocks. No rounding stands here, so a backend may fuse any tree of them. */
import { defineKind, type Execution, type Region, type Shapes } from "./kind.ts";
import { blockOf, chunks } from "./regions.ts";

type Block = "chunkRows" | "chunkColumns";

function reduced(s: Shapes<"x", never, Block>, dtype: "i16" | "i32" | "i64") {
  const { chunkRows, chunkColumns } = s.params;
  return [
    { rows: chunks(s.in.x.rows, chunkRows), columns: chunks(s.in.x.columns, chunkColumns), dtype },
  ];
}

function eachBlock(
  x: Pick<Execution<"x", never, Block>, "in" | "params" | "region">,
  fold: (row: number, column: number, block: Region) => void,
): void {
  const { chunkRows, chunkColumns } = x.params;
  for (let row = x.region.row; row < x.region.row + x.region.rows; row++) {
    for (let column = x.region.column; column < x.region.column + x.region.columns; column++) {
      fold(
        row,
        column,
        blockOf(x.in.x, { row, column, rows: 1, columns: 1 }, chunkRows, chunkColumns),
      );
    }
  }
}

/** The largest element of each block. */
export const reduceMax = defineKind({
  name: "reduce.max",
  inputs: ["x"],
  optional: [],
  outputs: ["max"],
  params: ["chunkRows", "chunkColumns"],
  shape: (s) => reduced(s, s.in.x.dtype === "i16" ? "i16" : "i32"),
  bounds: () => [],
  work: () => 0,
  closure: (s) => [["x", [blockOf(s.in.x, s.region, s.params.chunkRows, s.params.chunkColumns)]]],
  define: [
    (x) =>
      eachBlock(x, (row, column, block) => {
        let max = x.view.x.at(block.row, block.column);
        for (let i = block.row; i < block.row + block.rows; i++) {
          for (let j = block.column; j < block.column + block.columns; j++) {
            max = Math.max(max, x.view.x.at(i, j));
          }
        }
        x.set(row, column, max);
      }),
  ],
});

/** The sum of each block. The producer of x proves the total: i32 stays i32, everything else is i64. */
export const reduceSum = defineKind({
  name: "reduce.sum",
  inputs: ["x"],
  optional: [],
  outputs: ["sum"],
  params: ["chunkRows", "chunkColumns", "wide"],
  shape: (s) => reduced(s, s.params.wide === 1 ? "i64" : "i32"),
  bounds: () => [],
  work: () => 0,
  closure: (s) => [["x", [blockOf(s.in.x, s.region, s.params.chunkRows, s.params.chunkColumns)]]],
  define: [
    (x) =>
      eachBlock(x, (row, column, block) => {
        let sum = 0;
        for (let i = block.row; i < block.row + block.rows; i++) {
          for (let j = block.column; j < block.column + block.columns; j++)
            sum += x.view.x.at(i, j);
        }
        x.set(row, column, sum);
      }),
  ],
});
