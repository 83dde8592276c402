/**
 * Causal attention, backward. Scores, weights and their gradients are rebuilt from int8 heads and per-row scalars; every
 * exponent is folded into D or P before their single rounding to 8 bits, so nothing is realigned afterwards.
 */
import { magnitudeOf, NO_MAGNITUDE, quantise } from "../../arithmetic/alignedQuantise.ts";
import { divFloor } from "../../arithmetic/integer.ts";
import type { Tensor } from "../../program/program.ts";
import { type Closure, defineKind, I32_MAX, type Region, requireShape } from "../kind.ts";
import { band, chunks, eachColumn, eachElement, eachRow } from "../regions.ts";
import { causalPairs } from "./forward.ts";
import {
  dot,
  FRAME,
  type Frame,
  type FrameParams,
  type Gradients,
  keyRegion,
  keysOf,
  queriesOf,
  requireFrame,
  scoreBounds,
  scoreGradient,
  scoreGradientExponent,
  weight,
  weightGradient,
} from "./score.ts";

const BITS = 8;

/** Inputs by query row, by key row. */
const QUERY_HEADS = ["q8", "do8"];
const QUERY_SCALARS = ["qe", "doe", "max", "sum", "dpm", "delta", "dm"];
const KEY_HEADS = ["k8", "v8"];
const KEY_SCALARS = ["ke", "ve"];

/** What the closures below need of an opening: any set of the inputs named above, in a frame. */
interface Named {
  readonly in: Readonly<Record<string, Tensor | undefined>>;
  readonly params: FrameParams;
}

/** The closure of a set of query rows and the key rows from..to that they see. */
function closureByQuery(s: Named, rows: Region, from: number, to: number): Closure {
  return Object.entries(s.in).map(([name, tensor]) => {
    const columns = tensor?.columns ?? 1;
    if (QUERY_HEADS.includes(name)) return [name, [band(rows, 0, columns)]] as const;
    if (QUERY_SCALARS.includes(name)) return [name, [band(rows, 0, 1)]] as const;
    if (KEY_HEADS.includes(name) || KEY_SCALARS.includes(name)) {
      return [name, keyRegion(rows, s.params, columns, from, to)] as const;
    }
    throw new RangeError(`attention: no closure for input ${name}`);
  });
}

/** The closure of a run of key rows of one key head and the query rows from..to of one member of its group. */
function closureByKey(s: Named, rows: Region, member: number, from: number, to: number): Closure {
  return Object.entries(s.in).map(([name, tensor]) => {
    const columns = tensor?.columns ?? 1;
    if (KEY_HEADS.includes(name)) return [name, [band(rows, 0, columns)]] as const;
    if (KEY_SCALARS.includes(name) || name === "km") return [name, [band(rows, 0, 1)]] as const;
    const regions: Region[] = [];
    eachRow(rows, (row) => {
      const { first, from: diagonal } = queriesOf(row, member, s.params);
      const start = Math.max(from, diagonal);
      if (start >= to) return;
      const previous = regions.at(-1);
      const region = { row: first + start, column: 0, rows: to - start, columns };
      if (previous && previous.row <= region.row && previous.row + previous.rows >= region.row) {
        const end = Math.max(previous.row + previous.rows, region.row + region.rows);
        regions[regions.length - 1] = { ...previous, rows: end - previous.row };
      } else regions.push(region);
    });
    return [name, regions] as const;
  });
}

/** Magnitude over j of dP_ij = do_i . v_j, exponents of both folded in, in chunks of key positions. */
export const attentionGradientMagnitude = defineKind({
  name: "attention.gradientMagnitude",
  inputs: ["do8", "doe", "v8", "ve"],
  optional: [],
  outputs: ["magnitude"],
  params: [...FRAME, "chunk"],
  shape: (s) => [
    { rows: s.in.do8.rows, columns: chunks(s.params.keys, s.params.chunk), dtype: "i16" },
  ],
  bounds: (s) => [{ what: "do . v", max: 127 * 127 * s.in.v8.columns, limit: I32_MAX }],
  work: () => 0,
  cost: (s) =>
    s.region.rows * s.region.columns * Math.min(s.params.chunk, s.params.keys) * s.in.v8.columns,
  closure: (s) => {
    const from = s.region.column * s.params.chunk;
    return closureByQuery(s, s.region, from, from + s.region.columns * s.params.chunk);
  },
  define: [
    (x) =>
      eachElement(x.region, (i, c) => {
        const { first, count } = keysOf(i, x.params);
        let max = NO_MAGNITUDE;
        for (let j = c * x.params.chunk; j < Math.min(count, (c + 1) * x.params.chunk); j++) {
          const dp = dot(x.view.do8, x.view.v8, i, first + j, x.in.v8.columns);
          max = Math.max(max, magnitudeOf(dp, x.view.doe.at(i, 0) + x.view.ve.at(first + j, 0)));
        }
        x.set(i, c, max);
      }),
  ],
});

const ROW_INPUTS = ["q8", "qe", "k8", "ke", "v8", "ve", "do8", "doe", "max", "sum", "dpm"] as const;

/** sum over j of P_ij * d_ij, in chunks of key positions. Rounded by its readers: RSH(delta, 15). */
export const attentionDelta = defineKind({
  name: "attention.delta",
  inputs: ROW_INPUTS,
  optional: [],
  outputs: ["delta"],
  params: [...FRAME, "scale", "chunk"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: chunks(s.params.keys, s.params.chunk), dtype: "i32" }];
  },
  bounds: (s) => [
    ...scoreBounds(s.in.q8.columns, s.params.scale),
    // The P of a row sum to 2^15 plus half a unit of rounding for each key.
    { what: "sum of P x d", max: (32768 + s.params.keys) * 32767, limit: I32_MAX },
  ],
  work: () => 0,
  cost: (s) =>
    s.region.rows *
    s.region.columns *
    2 *
    Math.min(s.params.chunk, s.params.keys) *
    s.in.q8.columns,
  closure: (s) => {
    const from = s.region.column * s.params.chunk;
    return closureByQuery(s, s.region, from, from + s.region.columns * s.params.chunk);
  },
  define: [
    (x) =>
      eachElement(x.region, (i, c) => {
        const { first, count } = keysOf(i, x.params);
        let sum = 0;
        for (let j = c * x.params.chunk; j < Math.min(count, (c + 1) * x.params.chunk); j++) {
          sum += weight(x, i, first + j) * weightGradient(x, i, first + j);
        }
        x.set(i, c, sum);
      }),
  ],
});

/** Exponent of D_ij as a weight of key row j in dq_i, or of query row i in dk_j. */
const queryTermExponent = (x: Gradients, i: number, j: number) =>
  scoreGradientExponent(x, i) + x.view.ke.at(j, 0);
const keyTermExponent = (x: Gradients, i: number) =>
  scoreGradientExponent(x, i) + x.view.qe.at(i, 0);

/** Magnitude over j of D_ij with the exponent of k_j folded in, in chunks of key positions. */
export const attentionQueryMagnitude = defineKind({
  name: "attention.queryMagnitude",
  inputs: [...ROW_INPUTS, "delta"],
  optional: [],
  outputs: ["magnitude"],
  params: [...FRAME, "scale", "chunk"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: chunks(s.params.keys, s.params.chunk), dtype: "i16" }];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: () => 0,
  cost: (s) =>
    s.region.rows *
    s.region.columns *
    2 *
    Math.min(s.params.chunk, s.params.keys) *
    s.in.q8.columns,
  closure: (s) => {
    const from = s.region.column * s.params.chunk;
    return closureByQuery(s, s.region, from, from + s.region.columns * s.params.chunk);
  },
  define: [
    (x) =>
      eachElement(x.region, (i, c) => {
        const { first, count } = keysOf(i, x.params);
        let max = NO_MAGNITUDE;
        for (let j = c * x.params.chunk; j < Math.min(count, (c + 1) * x.params.chunk); j++) {
          max = Math.max(
            max,
            magnitudeOf(scoreGradient(x, i, first + j), queryTermExponent(x, i, first + j)),
          );
        }
        x.set(i, c, max);
      }),
  ],
});

/** D in 8 bits by query row, [.., keys]; zero above the diagonal. */
export const attentionQueryWeights = defineKind({
  name: "attention.queryWeights",
  inputs: [...ROW_INPUTS, "delta", "dm"],
  optional: [],
  outputs: ["d8"],
  params: [...FRAME, "scale"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: s.params.keys, dtype: "i8" }];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: (s) => causalPairs(s.in.q8.rows, s.params) * s.in.q8.columns,
  cost: (s) => s.region.rows * s.region.columns * 2 * s.in.q8.columns,
  closure: (s) => closureByQuery(s, s.region, s.region.column, s.region.column + s.region.columns),
  define: [
    (x) =>
      eachElement(x.region, (i, j) => {
        const { first, count } = keysOf(i, x.params);
        if (j >= count) return x.set(i, j, 0);
        const value = scoreGradient(x, i, first + j);
        x.set(i, j, quantise(value, queryTermExponent(x, i, first + j), x.view.dm.at(i, 0), BITS));
      }),
  ],
});

/** dq_i = sum_j d8_ij k8_j, i32; its exponent is that of d8. */
export const attentionQueryGradient = defineKind({
  name: "attention.queryGradient",
  inputs: ["d8", "k8"],
  optional: [],
  outputs: ["dq"],
  params: [...FRAME],
  shape: (s) => [{ rows: s.in.d8.rows, columns: s.in.k8.columns, dtype: "i32" }],
  bounds: (s) => [{ what: "d8 . k8", max: 127 * 127 * s.params.keys, limit: I32_MAX }],
  work: (s) => causalPairs(s.in.d8.rows, s.params) * s.in.k8.columns,
  cost: (s) => s.region.rows * s.region.columns * s.params.keys,
  closure: (s) => {
    const d8: Region[] = [];
    const k8: Region[] = [];
    eachRow(s.region, (row) => {
      const { first, count } = keysOf(row, s.params);
      d8.push({ row, column: 0, rows: 1, columns: count });
      k8.push({ row: first, column: s.region.column, rows: count, columns: s.region.columns });
    });
    return [
      ["d8", d8],
      ["k8", k8],
    ];
  },
  define: [
    ({ view, params, region, set }) =>
      eachElement(region, (i, d) => {
        const { first, count } = keysOf(i, params);
        let sum = 0;
        for (let j = 0; j < count; j++) sum += view.d8.at(i, j) * view.k8.at(first + j, d);
        set(i, d, sum);
      }),
  ],
});

/**
 * Rows of the column-wise tensors are [sequence, query head, key position]: one row for each key as seen by one query head
 * of its group. The row of the key itself, and the head's place in its group.
 */
function keyOf(row: number, p: Readonly<Record<Frame, number>>): { key: number; member: number } {
  const block = divFloor(row, p.keys);
  const keyBlock = divFloor(block, p.group);
  return { key: keyBlock * p.keys + (row - block * p.keys), member: block - keyBlock * p.group };
}

/** The key rows of a region of column-wise rows, which lies within one head. */
function keyRows(
  region: Region,
  p: Readonly<Record<Frame, number>>,
): { rows: Region; member: number } {
  const { key, member } = keyOf(region.row, p);
  return { rows: { ...region, row: key }, member };
}

/** Splits a region of column-wise rows at the ends of heads and joins the closures. */
function closureByHead(s: Named, region: Region, from: number, to: number): Closure {
  const joined = new Map<string, Region[]>();
  let row = region.row;
  while (row < region.row + region.rows) {
    const rows = Math.min(region.row + region.rows - row, s.params.keys - (row % s.params.keys));
    const part = keyRows({ ...region, row, rows }, s.params);
    for (const [name, regions] of closureByKey(s, part.rows, part.member, from, to)) {
      joined.set(name, [...(joined.get(name) ?? []), ...regions]);
    }
    row += rows;
  }
  return [...joined];
}

const COLUMN_PARAMS = [...FRAME, "scale", "chunk"] as const;

/** Magnitude over i of D_ij with the exponent of q_i folded in, for one query head, in chunks of query positions. */
export const attentionKeyMagnitude = defineKind({
  name: "attention.keyMagnitude",
  inputs: [...ROW_INPUTS, "delta"],
  optional: [],
  outputs: ["magnitude"],
  params: COLUMN_PARAMS,
  shape: (s) => {
    requireFrame(s);
    requireShape(s.params.queries === s.params.keys, "a gradient has no past");
    return [
      { rows: s.in.q8.rows, columns: chunks(s.params.queries, s.params.chunk), dtype: "i16" },
    ];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: () => 0,
  cost: (s) =>
    s.region.rows *
    s.region.columns *
    2 *
    Math.min(s.params.chunk, s.params.keys) *
    s.in.q8.columns,
  closure: (s) => {
    const from = s.region.column * s.params.chunk;
    const to = Math.min(s.params.queries, from + s.region.columns * s.params.chunk);
    return closureByHead(s, s.region, from, to);
  },
  define: [
    (x) =>
      eachElement(x.region, (row, c) => {
        const { key, member } = keyOf(row, x.params);
        const { first, from } = queriesOf(key, member, x.params);
        const end = Math.min(x.params.queries, (c + 1) * x.params.chunk);
        let max = NO_MAGNITUDE;
        for (let i = Math.max(from, c * x.params.chunk); i < end; i++) {
          max = Math.max(
            max,
            magnitudeOf(scoreGradient(x, first + i, key), keyTermExponent(x, first + i)),
          );
        }
        x.set(row, c, max);
      }),
  ],
});

/** D in 8 bits by key, for one query head: [.., queries], zero below the diagonal. km is the magnitude of the key. */
export const attentionKeyWeights = defineKind({
  name: "attention.keyWeights",
  inputs: [...ROW_INPUTS, "delta", "km"],
  optional: [],
  outputs: ["d8"],
  params: [...FRAME, "scale"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: s.params.queries, dtype: "i8" }];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: () => 0,
  cost: (s) => s.region.rows * s.region.columns * 2 * s.in.q8.columns,
  closure: (s) => closureByHead(s, s.region, s.region.column, s.region.column + s.region.columns),
  define: [
    (x) =>
      eachRow(x.region, (row) => {
        const { key, member } = keyOf(row, x.params);
        const { first, from } = queriesOf(key, member, x.params);
        eachColumn(x.region, (i) => {
          if (i < from) return x.set(row, i, 0);
          const value = scoreGradient(x, first + i, key);
          x.set(row, i, quantise(value, keyTermExponent(x, first + i), x.view.km.at(key, 0), BITS));
        });
      }),
  ],
});

const VALUE_INPUTS = ["q8", "qe", "k8", "ke", "doe", "max", "sum"] as const;

/** Exponent of P_ij as a weight of do_i in dv_j. */
const valueTermExponent = (x: { readonly view: Pick<Gradients["view"], "doe"> }, i: number) =>
  x.view.doe.at(i, 0) + 15;

/** Magnitude over i of P_ij with the exponent of do_i folded in, for one query head, in chunks of query positions. */
export const attentionValueMagnitude = defineKind({
  name: "attention.valueMagnitude",
  inputs: VALUE_INPUTS,
  optional: [],
  outputs: ["magnitude"],
  params: COLUMN_PARAMS,
  shape: (s) => {
    requireFrame(s);
    requireShape(s.params.queries === s.params.keys, "a gradient has no past");
    return [
      { rows: s.in.q8.rows, columns: chunks(s.params.queries, s.params.chunk), dtype: "i16" },
    ];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: () => 0,
  cost: (s) =>
    s.region.rows * s.region.columns * Math.min(s.params.chunk, s.params.keys) * s.in.q8.columns,
  closure: (s) => {
    const from = s.region.column * s.params.chunk;
    const to = Math.min(s.params.queries, from + s.region.columns * s.params.chunk);
    return closureByHead(s, s.region, from, to);
  },
  define: [
    (x) =>
      eachElement(x.region, (row, c) => {
        const { key, member } = keyOf(row, x.params);
        const { first, from } = queriesOf(key, member, x.params);
        const end = Math.min(x.params.queries, (c + 1) * x.params.chunk);
        let max = NO_MAGNITUDE;
        for (let i = Math.max(from, c * x.params.chunk); i < end; i++) {
          max = Math.max(
            max,
            magnitudeOf(weight(x, first + i, key), valueTermExponent(x, first + i)),
          );
        }
        x.set(row, c, max);
      }),
  ],
});

/** P in 8 bits by key, for one query head: [.., queries], zero below the diagonal. */
export const attentionValueWeights = defineKind({
  name: "attention.valueWeights",
  inputs: [...VALUE_INPUTS, "km"],
  optional: [],
  outputs: ["p8"],
  params: [...FRAME, "scale"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: s.params.queries, dtype: "i8" }];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: () => 0,
  cost: (s) => s.region.rows * s.region.columns * s.in.q8.columns,
  closure: (s) => closureByHead(s, s.region, s.region.column, s.region.column + s.region.columns),
  define: [
    (x) =>
      eachRow(x.region, (row) => {
        const { key, member } = keyOf(row, x.params);
        const { first, from } = queriesOf(key, member, x.params);
        eachColumn(x.region, (i) => {
          if (i < from) return x.set(row, i, 0);
          const value = weight(x, first + i, key);
          x.set(
            row,
            i,
            quantise(value, valueTermExponent(x, first + i), x.view.km.at(key, 0), BITS),
          );
        });
      }),
  ],
});

/** out[key, head] = sum over i of w8[key, i] * x8_i for one query head: dk from D and q8, dv from P and do8. */
export const attentionKeyGradient = defineKind({
  name: "attention.keyGradient",
  inputs: ["w8", "x8"],
  optional: [],
  outputs: ["d"],
  params: [...FRAME],
  shape: (s) => [{ rows: s.in.w8.rows, columns: s.in.x8.columns, dtype: "i32" }],
  bounds: (s) => [
    {
      what: "w8 . x8 over a group",
      max: 127 * 127 * s.params.queries * s.params.group,
      limit: I32_MAX,
    },
  ],
  work: (s) => causalPairs(s.in.w8.rows, s.params) * s.in.x8.columns,
  cost: (s) => s.region.rows * s.region.columns * s.params.queries,
  closure: (s) => {
    const w8: Region[] = [];
    const x8: Region[] = [];
    eachRow(s.region, (row) => {
      const position = row % s.params.keys;
      const rows = s.params.queries - position;
      w8.push({ row, column: position, rows: 1, columns: rows });
      x8.push({ row, column: s.region.column, rows, columns: s.region.columns });
    });
    return [
      ["w8", w8],
      ["x8", x8],
    ];
  },
  define: [
    ({ view, params, region, set }) =>
      eachElement(region, (row, d) => {
        const position = row % params.keys;
        const first = row - position;
        let sum = 0;
        for (let i = position; i < params.queries; i++)
          sum += view.w8.at(row, i) * view.x8.at(first + i, d);
        set(row, d, sum);
      }),
  ],
});
