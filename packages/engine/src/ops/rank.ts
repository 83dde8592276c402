/**
 * The r-dimensional vectors between the two factors of an adapter, and the gradients of the factors
 * (spec/arithmetic.md section 7). Every per-token scale is folded into these short vectors, never into a wide operand.
 */
import { exponentOf, magnitudeOf, NO_MAGNITUDE, quantise } from "../arithmetic/alignedQuantise.ts";
import { bitLength, divFloor, rsh } from "../arithmetic/integer.ts";
import { partialColumn } from "./gemm.ts";
import { defineKind, type Execution, I32_MAX, requireShape, WIDE_MAX } from "./kind.ts";
import { band, chunks, eachColumn, eachElement, eachRow, rowsOf, whole } from "./regions.ts";

/** u and du have 14 bits in the up-projection, 13 in the weight gradients. */
const RANK_BITS = 14;
const FOLD_BITS = 13;
const FACTOR_BITS = 12;

type QuantiseInputs = Pick<
  Execution<"acc" | "factor", "m" | "dm", "rank" | "alphaShift">,
  "in" | "view" | "params"
>;

/**
 * The rank vector of token t before quantisation, and its exponent. Forward (m present) the row mantissa m / 127 is
 * multiplied in: c15 * 2^k = floor(m * 2^16 / 127). Backward (dm present) the scale of dy8 is a power of two.
 */
function rankVector(x: QuantiseInputs, t: number): { values: number[]; e: number } {
  const { rank, alphaShift } = x.params;
  const count = divFloor(x.in.acc.columns, rank);
  const factor = exponentOf(x.view.factor.at(0, 0), FACTOR_BITS);
  const sums = Array.from({ length: rank }, (_, j) => {
    let sum = 0;
    for (let c = 0; c < count; c++) sum += x.view.acc.at(t, partialColumn(j, c, count, rank));
    return sum;
  });
  if (x.view.m === undefined) {
    return { values: sums, e: exponentOf(x.view.dm!.at(t, 0), 8) + factor - alphaShift };
  }
  const rowScale = divFloor(x.view.m.at(t, 0) * 65536, 127);
  const k = bitLength(rowScale) - 15;
  const c15 = rsh(rowScale, k);
  return { values: sums.map((sum) => rsh(sum * c15, 15)), e: factor + 13 - k - alphaShift };
}

function rankMagnitude(values: readonly number[], e: number): number {
  return values.reduce((max, value) => Math.max(max, magnitudeOf(value, e)), NO_MAGNITUDE);
}

/** u (forward) or du (backward): 14-bit mantissas with one exponent per token. */
export const rankQuantise = defineKind({
  name: "rank.quantise",
  inputs: ["acc", "factor"],
  optional: ["m", "dm"],
  outputs: ["u", "e"],
  params: ["rank", "alphaShift"],
  shape: (s) => {
    requireShape((s.in.m === undefined) !== (s.in.dm === undefined), "either m or dm is present");
    requireShape(s.in.acc.columns % s.params.rank === 0, "acc has whole groups of rank columns");
    return [
      { rows: s.in.acc.rows, columns: s.params.rank, dtype: "i16" },
      { rows: s.in.acc.rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: (s) => [
    {
      what: "sum of partials x 15-bit scale",
      max: I32_MAX * divFloor(s.in.acc.columns, s.params.rank) * 32768,
      limit: WIDE_MAX / 2,
    },
  ],
  work: () => 0,
  closure: (s) => [
    ["acc", [rowsOf(s.in.acc, s.region)]],
    ["factor", [whole(s.in.factor)]],
    [s.in.m === undefined ? "dm" : "m", [band(s.region, 0, 1)]],
  ],
  define: [
    (x) =>
      eachRow(x.region, (t) => {
        const { values, e } = rankVector(x, t);
        const m = rankMagnitude(values, e);
        eachColumn(x.region, (j) => x.set(t, j, quantise(values[j]!, e, m, RANK_BITS)));
      }),
    (x) =>
      eachRow(x.region, (t) => {
        const { values, e } = rankVector(x, t);
        x.set(t, 0, exponentOf(rankMagnitude(values, e), RANK_BITS));
      }),
  ],
});

type FoldInputs = Pick<Execution<"u" | "e", "m" | "dm", "alphaShift">, "view" | "params">;

/** Element (t, j) with its token's scale folded in, and its exponent: u * m * 2^-e, or u * 2^-(e + exponent of dy8). */
function folded(x: FoldInputs, t: number, j: number): { value: number; e: number } {
  const value = x.view.u.at(t, j);
  const e = x.view.e.at(t, 0);
  if (x.view.m) return { value: value * x.view.m.at(t, 0), e };
  return { value, e: e + exponentOf(x.view.dm!.at(t, 0), 8) - x.params.alphaShift };
}

const FOLD_BOUND = [{ what: "14-bit x row mantissa", max: 8191 * 2 ** 23, limit: WIDE_MAX / 2 }];

/** Magnitude over all tokens of the folded vectors, in chunks of tokens. */
export const foldMagnitude = defineKind({
  name: "fold.magnitude",
  inputs: ["u", "e"],
  optional: ["m", "dm"],
  outputs: ["magnitude"],
  params: ["chunk", "alphaShift"],
  shape: (s) => [{ rows: chunks(s.in.u.rows, s.params.chunk), columns: 1, dtype: "i16" }],
  bounds: () => FOLD_BOUND,
  work: () => 0,
  closure: (s) => {
    const row = s.region.row * s.params.chunk;
    const rows = Math.min(s.region.rows * s.params.chunk, s.in.u.rows - row);
    const tokens = { row, column: 0, rows, columns: 1 };
    return [
      ["u", [rowsOf(s.in.u, tokens)]],
      ["e", [tokens]],
      [s.in.m === undefined ? "dm" : "m", [tokens]],
    ];
  },
  define: [
    (x) =>
      eachRow(x.region, (c) => {
        let max = NO_MAGNITUDE;
        const end = Math.min(x.in.u.rows, (c + 1) * x.params.chunk);
        for (let t = c * x.params.chunk; t < end; t++) {
          for (let j = 0; j < x.in.u.columns; j++) {
            const { value, e } = folded(x, t, j);
            max = Math.max(max, magnitudeOf(value, e));
          }
        }
        x.set(c, 0, max);
      }),
  ],
});

/** The folded vectors in 13 bits with one exponent for the whole tensor. */
export const foldQuantise = defineKind({
  name: "fold.quantise",
  inputs: ["u", "e", "magnitude"],
  optional: ["m", "dm"],
  outputs: ["q"],
  params: ["alphaShift"],
  shape: (s) => {
    requireShape(
      s.in.magnitude.rows === 1 && s.in.magnitude.columns === 1,
      "magnitude is one value",
    );
    return [{ rows: s.in.u.rows, columns: s.in.u.columns, dtype: "i16" }];
  },
  bounds: () => FOLD_BOUND,
  work: () => 0,
  closure: (s) => [
    ["u", [s.region]],
    ["e", [band(s.region, 0, 1)]],
    ["magnitude", [whole(s.in.magnitude)]],
    [s.in.m === undefined ? "dm" : "m", [band(s.region, 0, 1)]],
  ],
  define: [
    (x) =>
      eachElement(x.region, (t, j) => {
        const { value, e } = folded(x, t, j);
        x.set(t, j, quantise(value, e, x.view.magnitude.at(0, 0), FOLD_BITS));
      }),
  ],
});

/**
 * Partial gradient of a factor: acc[c * rank + j, n] = sum over chunk c of tokens of q[t, j] * x[t, n].
 * For A, q comes from du and x is the layer's input; for B, q comes from u and x is dy8.
 */
export const factorGradient = defineKind({
  name: "factor.gradient",
  inputs: ["q", "x"],
  optional: [],
  outputs: ["acc"],
  params: ["chunk"],
  shape: (s) => {
    requireShape(s.in.x.dtype === "i8", "x is i8");
    requireShape(s.in.q.rows === s.in.x.rows, "q and x have the same rows");
    return [
      {
        rows: s.in.q.columns * chunks(s.in.q.rows, s.params.chunk),
        columns: s.in.x.columns,
        dtype: "i32",
      },
    ];
  },
  bounds: (s) => [
    {
      what: "13-bit x int8 sum over a chunk of tokens",
      max: 4095 * 127 * Math.min(s.params.chunk, s.in.q.rows),
      limit: I32_MAX,
    },
  ],
  work: (s) => 2 * s.in.q.rows * s.in.q.columns * s.in.x.columns,
  cost: (s) => s.region.rows * s.region.columns * Math.min(s.params.chunk, s.in.q.rows),
  closure: (s) => {
    const rank = s.in.q.columns;
    const first = divFloor(s.region.row, rank);
    const last = divFloor(s.region.row + s.region.rows - 1, rank);
    const row = first * s.params.chunk;
    const rows = Math.min((last + 1) * s.params.chunk, s.in.q.rows) - row;
    const column = first === last ? s.region.row - first * rank : 0;
    const columns = first === last ? s.region.rows : rank;
    return [
      ["q", [{ row, column, rows, columns }]],
      ["x", [{ row, column: s.region.column, rows, columns: s.region.columns }]],
    ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) =>
      eachElement(region, (row, n) => {
        const c = divFloor(row, tensors.q.columns);
        const j = row - c * tensors.q.columns;
        const end = Math.min(tensors.q.rows, (c + 1) * params.chunk);
        let acc = 0;
        for (let t = c * params.chunk; t < end; t++) acc += view.q.at(t, j) * view.x.at(t, n);
        set(row, n, acc);
      }),
  ],
});
