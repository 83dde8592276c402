/**
 * The head: scores over the vocabulary, loss, and the gradient of the last hidden rows (spec/arithmetic.md section 11).
 * Scores are logits in log2 units, Q16. dlogits are int8 with stochastic rounding; the target's column is split off, kept
 * exactly, and added where the product is combined.
 */
import { noise } from "@r3mes/protocol";
import { magnitudeOf, NO_MAGNITUDE } from "../arithmetic/alignedQuantise.ts";
import { exp2n, log2 } from "../arithmetic/exponential.ts";
import { bitLength, clamp, divFloor, pow2, rsh, sat30 } from "../arithmetic/integer.ts";
import { SITE } from "../arithmetic/site.ts";
import { STEP } from "../program/program.ts";
import { tokenAt, tokenRegions } from "./embed.ts";
import { partialColumn } from "./gemm.ts";
import {
  defineKind,
  type Execution,
  I32_MAX,
  type Region,
  requireShape,
  SAT30_MAX,
  WIDE_MAX,
} from "./kind.ts";
import {
  band,
  chunks,
  eachColumn,
  eachElement,
  eachRow,
  rowsForColumns,
  rowsOf,
  whole,
} from "./regions.ts";

/** round(2^16 * log2(e)): natural logits to log2 units. */
const LOG2_E = 94548;

/**
 * score[t, v] = SAT30(RSH(RSH(f8 . e8 * rowScale, 8) * c15, exponent + 8 - k)), where c15 * 2^k = floor(m * LOG2_E * 16 / 127)
 * and row v of the head is e8 * rowScale * 2^-exponent.
 */
export const headScore = defineKind({
  name: "head.score",
  inputs: ["f8", "e8", "rowScale", "exponent", "m"],
  optional: [],
  outputs: ["score"],
  params: [],
  shape: (s) => {
    requireShape(s.in.f8.columns === s.in.e8.columns, "f8 and e8 have the same columns");
    requireShape(
      s.in.rowScale.rows === s.in.e8.rows,
      "rowScale has a row for each token of the vocabulary",
    );
    return [{ rows: s.in.f8.rows, columns: s.in.e8.rows, dtype: "i32" }];
  },
  bounds: (s) => [
    { what: "f8 . e8", max: 127 * 127 * s.in.f8.columns, limit: I32_MAX },
    {
      what: "scaled sum x row scale",
      max: 127 * 127 * s.in.f8.columns * 128 * 32768,
      limit: WIDE_MAX / 2,
    },
    { what: "row scale", max: 2 ** 23 * LOG2_E * 16, limit: WIDE_MAX },
  ],
  work: (s) => s.in.f8.rows * s.in.f8.columns * s.in.e8.rows,
  cost: (s) => s.region.rows * s.region.columns * s.in.f8.columns,
  closure: (s) => [
    ["f8", [rowsOf(s.in.f8, s.region)]],
    ["e8", [rowsForColumns(s.in.e8, s.region)]],
    ["rowScale", [rowsForColumns(s.in.rowScale, s.region)]],
    ["exponent", [whole(s.in.exponent)]],
    ["m", [band(s.region, 0, 1)]],
  ],
  define: [
    ({ in: tensors, view, region, set }) =>
      eachRow(region, (t) => {
        const rowScale = divFloor(view.m.at(t, 0) * LOG2_E * 16, 127);
        const k = bitLength(rowScale) - 15;
        const c15 = rsh(rowScale, k);
        eachColumn(region, (v) => {
          let acc = 0;
          for (let i = 0; i < tensors.f8.columns; i++) acc += view.f8.at(t, i) * view.e8.at(v, i);
          const scaled = rsh(acc * view.rowScale.at(v, 0), 8);
          set(t, v, sat30(rsh(scaled * c15, view.exponent.at(0, 0) + 8 - k)));
        });
      }),
  ],
});

const scoreChunk = (s: {
  readonly region: Region;
  readonly params: { readonly chunk: number };
  readonly in: { readonly score: { readonly columns: number } };
}) => {
  const column = s.region.column * s.params.chunk;
  const end = Math.min(s.in.score.columns, (s.region.column + s.region.columns) * s.params.chunk);
  return band(s.region, column, end - column);
};

/** sum over a chunk of the vocabulary of 2^(score - max) in Q30; i64. */
export const headSum = defineKind({
  name: "head.sum",
  inputs: ["score", "max"],
  optional: [],
  outputs: ["sum"],
  params: ["chunk"],
  shape: (s) => [
    { rows: s.in.score.rows, columns: chunks(s.in.score.columns, s.params.chunk), dtype: "i64" },
  ],
  bounds: (s) => [
    { what: "sum of exponentials", max: s.in.score.columns * 2 ** 30, limit: WIDE_MAX / 2 },
  ],
  work: () => 0,
  closure: (s) => [
    ["score", [scoreChunk(s)]],
    ["max", [band(s.region, 0, 1)]],
  ],
  define: [
    ({ in: tensors, view, params, region, set }) =>
      eachElement(region, (t, c) => {
        const end = Math.min(tensors.score.columns, (c + 1) * params.chunk);
        let sum = 0;
        for (let v = c * params.chunk; v < end; v++)
          sum += exp2n(view.max.at(t, 0) - view.score.at(t, v));
        set(t, c, sum);
      }),
  ],
});

/** Loss of a token in bits, Q16: LOG2(sum) - 30 * 2^16 + max - score of the target. */
export const headLoss = defineKind({
  name: "head.loss",
  inputs: ["tokens", "score", "max", "sum"],
  optional: [],
  outputs: ["loss"],
  params: ["length"],
  shape: (s) => {
    requireShape(s.in.tokens.columns > s.params.length, "tokens carries the last target");
    return [{ rows: s.in.score.rows, columns: 1, dtype: "i32" }];
  },
  bounds: () => [{ what: "loss", max: 2 * 2 ** 30 + 64 * 65536, limit: 2 ** 32 }],
  work: () => 0,
  closure: (s) => {
    const tokens = tokenRegions(s.region, s.params.length, 1);
    const view = s.peek("tokens", tokens);
    const score: Region[] = [];
    eachRow(s.region, (t) => {
      const column = tokenAt(view, t, s.params.length, s.in.score.columns, 1);
      score.push({ row: t, column, rows: 1, columns: 1 });
    });
    return [
      ["tokens", tokens],
      ["score", score],
      ["max", [band(s.region, 0, 1)]],
      ["sum", [band(s.region, 0, 1)]],
    ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) =>
      eachRow(region, (t) => {
        const target = tokenAt(view.tokens, t, params.length, tensors.score.columns, 1);
        const distance = view.max.at(t, 0) - view.score.at(t, target);
        set(t, 0, sat30(log2(view.sum.at(t, 0)) - 30 * 65536 + distance));
      }),
  ],
});

type Probabilities = Pick<
  Execution<"score" | "max" | "sum" | "rowScale", never, never>,
  "in" | "view"
>;

/**
 * dl'[t, v]: the gradient of a logit in Q22, times the row scale of the head, so that the product with e8 needs no scale:
 * RSH((P22 - 2^22 [v is the target]) * rowScale, 15), P22 = floor(E * floor(2^60 / sum) / 2^38).
 * E <= 2^30 and the reciprocal <= 2^30; split at 15 bits, E * reciprocal / 2^38 is exact in two steps below 2^47.
 */
function logitGradient(x: Probabilities, t: number, v: number, isTarget: boolean): number {
  const e = exp2n(x.view.max.at(t, 0) - x.view.score.at(t, v));
  const reciprocal = reciprocalOf(x.view.sum.at(t, 0));
  const high = e >> 15;
  const low = e & 32767;
  const p22 = divFloor(high * reciprocal + divFloor(low * reciprocal, 32768), pow2(23));
  return rsh((p22 - (isTarget ? pow2(22) : 0)) * x.view.rowScale.at(v, 0), 15);
}

/** floor(2^60 / sum) for 2^30 <= sum < 2^52. 2^60 is beyond the exact range of division, hence bigint. */
function reciprocalOf(sum: number): number {
  return Number((1n << 60n) / BigInt(Math.max(1, sum)));
}

/** Shift of the row: s = max(0, M - 7), never a left shift, so that every sum over the vocabulary has a bound. */
function rowShift(magnitude: number): number {
  return Math.max(0, magnitude - 7);
}

/** (value + noise) >> s: rounds up with the probability of the lost fraction. */
function roundStochastically(value: number, s: number, word: number): number {
  return divFloor(value + (word & (pow2(s) - 1)), pow2(s));
}

function noiseAt(
  step: { at(row: number, column: number): number },
  token: number,
  column: number,
): number {
  return noise(step.at(0, STEP.seedLow), step.at(0, STEP.seedHigh), SITE.dlogits, token, column);
}

const rowsOfScore = (region: Region) => band(region, 0, 1);

/** Magnitude of dl' without the target's column, exponent 0, in chunks of the vocabulary. */
export const dlogitsMagnitude = defineKind({
  name: "dlogits.magnitude",
  inputs: ["tokens", "score", "max", "sum", "rowScale"],
  optional: [],
  outputs: ["magnitude"],
  params: ["length", "chunk"],
  shape: (s) => [
    { rows: s.in.score.rows, columns: chunks(s.in.score.columns, s.params.chunk), dtype: "i16" },
  ],
  bounds: () => [{ what: "P22 x row scale", max: 2 ** 22 * 32768, limit: WIDE_MAX / 2 }],
  work: () => 0,
  closure: (s) => {
    const block = scoreChunk(s);
    return [
      ["tokens", tokenRegions(s.region, s.params.length, 1)],
      ["score", [block]],
      ["max", [rowsOfScore(s.region)]],
      ["sum", [rowsOfScore(s.region)]],
      ["rowScale", [rowsForColumns(s.in.rowScale, block)]],
    ];
  },
  define: [
    (x) =>
      eachElement(x.region, (t, c) => {
        const target = tokenAt(x.view.tokens, t, x.params.length, x.in.score.columns, 1);
        const end = Math.min(x.in.score.columns, (c + 1) * x.params.chunk);
        let max = NO_MAGNITUDE;
        for (let v = c * x.params.chunk; v < end; v++) {
          if (v !== target) max = Math.max(max, magnitudeOf(logitGradient(x, t, v, false), 0));
        }
        x.set(t, c, max);
      }),
  ],
});

/** dl8: dl' in int8 with stochastic rounding by (token, vocabulary column); 0 in the target's column. */
export const dlogits = defineKind({
  name: "dlogits",
  inputs: ["tokens", "score", "max", "sum", "rowScale", "magnitude", "step"],
  optional: [],
  outputs: ["dl8"],
  params: ["length"],
  shape: (s) => {
    requireShape(s.in.magnitude.columns === 1, "magnitude is combined");
    return [{ rows: s.in.score.rows, columns: s.in.score.columns, dtype: "i8" }];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => [
    ["tokens", tokenRegions(s.region, s.params.length, 1)],
    ["score", [s.region]],
    ["max", [rowsOfScore(s.region)]],
    ["sum", [rowsOfScore(s.region)]],
    ["rowScale", [rowsForColumns(s.in.rowScale, s.region)]],
    ["magnitude", [rowsOfScore(s.region)]],
    ["step", [whole(s.in.step)]],
  ],
  define: [
    (x) =>
      eachRow(x.region, (t) => {
        const target = tokenAt(x.view.tokens, t, x.params.length, x.in.score.columns, 1);
        const s = rowShift(x.view.magnitude.at(t, 0));
        eachColumn(x.region, (v) => {
          if (v === target) return x.set(t, v, 0);
          const word = noiseAt(x.view.step, t, v);
          x.set(t, v, clamp(roundStochastically(logitGradient(x, t, v, false), s, word), 127));
        });
      }),
  ],
});

/** The target's column: dl' rounded with the row's shift and the noise of its position, not clamped. |t| <= 2^22. */
export const dlogitsTarget = defineKind({
  name: "dlogits.target",
  inputs: ["tokens", "score", "max", "sum", "rowScale", "magnitude", "step"],
  optional: [],
  outputs: ["target"],
  params: ["length"],
  shape: (s) => [{ rows: s.in.score.rows, columns: 1, dtype: "i32" }],
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const tokens = tokenRegions(s.region, s.params.length, 1);
    const view = s.peek("tokens", tokens);
    const score: Region[] = [];
    eachRow(s.region, (t) => {
      const column = tokenAt(view, t, s.params.length, s.in.score.columns, 1);
      score.push({ row: t, column, rows: 1, columns: 1 });
    });
    return [
      ["tokens", tokens],
      ["score", score],
      ["max", [rowsOfScore(s.region)]],
      ["sum", [rowsOfScore(s.region)]],
      ["rowScale", score.map(({ column }) => ({ row: column, column: 0, rows: 1, columns: 1 }))],
      ["magnitude", [rowsOfScore(s.region)]],
      ["step", [whole(s.in.step)]],
    ];
  },
  define: [
    (x) =>
      eachRow(x.region, (t) => {
        const target = tokenAt(x.view.tokens, t, x.params.length, x.in.score.columns, 1);
        const s = rowShift(x.view.magnitude.at(t, 0));
        const value = logitGradient(x, t, target, true);
        x.set(t, 0, roundStochastically(value, s, noiseAt(x.view.step, t, target)));
      }),
  ],
});

/**
 * The gradient of the last hidden row: the partial products of dl8 and the head, combined, plus target * e8[target].
 * Exponent (output 1): 22 + exponent - 15 - s.
 */
export const headBackward = defineKind({
  name: "head.backward",
  inputs: ["tokens", "acc", "target", "e8", "exponent", "magnitude"],
  optional: [],
  outputs: ["dx", "e"],
  params: ["length"],
  shape: (s) => {
    requireShape(s.in.acc.columns % s.in.e8.columns === 0, "acc has whole groups of partial sums");
    return [
      { rows: s.in.acc.rows, columns: s.in.e8.columns, dtype: "i32" },
      { rows: s.in.acc.rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: (s) => [
    {
      // With s >= 0 the row's |dl'| sum to at most 2^22 before the shift and V units of noise after it.
      what: "dl8 . e8 over the vocabulary with the target",
      max: 127 * (2 ** 22 + s.in.e8.rows) + 127 * 2 ** 22,
      limit: I32_MAX,
    },
    { what: "dx", max: 127 * (2 ** 23 + s.in.e8.rows), limit: 2 * SAT30_MAX },
  ],
  work: () => 0,
  closure: (s) => {
    const rows = rowsOfScore(s.region);
    if (s.output === 1)
      return [
        ["exponent", [whole(s.in.exponent)]],
        ["magnitude", [rows]],
      ];
    const tokens = tokenRegions(s.region, s.params.length, 1);
    const view = s.peek("tokens", tokens);
    const e8: Region[] = [];
    eachRow(s.region, (t) => {
      const row = tokenAt(view, t, s.params.length, s.in.e8.rows, 1);
      e8.push({ row, column: s.region.column, rows: 1, columns: s.region.columns });
    });
    const count = divFloor(s.in.acc.columns, s.in.e8.columns);
    const from = partialColumn(s.region.column, 0, count, s.in.e8.columns);
    const to = partialColumn(
      s.region.column + s.region.columns - 1,
      count - 1,
      count,
      s.in.e8.columns,
    );
    return [
      ["tokens", tokens],
      ["acc", [band(s.region, from, to - from + 1)]],
      ["target", [rows]],
      ["e8", e8],
    ];
  },
  define: [
    (x) =>
      eachRow(x.region, (t) => {
        const width = x.in.e8.columns;
        const count = divFloor(x.in.acc.columns, width);
        const target = tokenAt(x.view.tokens, t, x.params.length, x.in.e8.rows, 1);
        eachColumn(x.region, (i) => {
          let sum = x.view.target.at(t, 0) * x.view.e8.at(target, i);
          for (let c = 0; c < count; c++)
            sum += x.view.acc.at(t, partialColumn(i, c, count, width));
          x.set(t, i, sum);
        });
      }),
    (x) =>
      eachRow(x.region, (t) => {
        const s = rowShift(x.view.magnitude.at(t, 0));
        x.set(t, 0, 22 + x.view.exponent.at(0, 0) - 15 - s);
      }),
  ],
});
