/** Causal attention, forward: prefix exponent, row maximum, row sum, aligned weights, context. */
import { ZERO_EXPONENT } from "../../arithmetic/alignedQuantise.ts";
import { divFloor, pow2, rsh, sat30 } from "../../arithmetic/integer.ts";
import { headRow, placeOf, VALUE_BITS } from "../heads.ts";
import { type Bound, defineKind, I32_MAX, type Region, requireShape, WIDE_MAX } from "../kind.ts";
import { band, chunks, eachColumn, eachElement, eachRow } from "../regions.ts";
import {
  exponential,
  FRAME,
  keyRegion,
  keysOf,
  normaliser,
  requireFrame,
  score,
  scoreBounds,
} from "./score.ts";

/** Largest weight of a value row: 14 bits. */
export const WEIGHT_MAX = 16383;
/** Largest element of a value row. */
const VALUE_MAX = pow2(VALUE_BITS - 1) - 1;

/** x[r] = 30 - min of ve over the rows of its sequence and head up to r: the alignment of every weight of row r. */
export const attentionPrefix = defineKind({
  name: "attention.prefix",
  inputs: ["ve"],
  optional: [],
  outputs: ["x"],
  params: ["length"],
  shape: (s) => {
    requireShape(s.in.ve.rows % s.params.length === 0, "ve has whole sequences");
    return [{ rows: s.in.ve.rows, columns: 1, dtype: "i16" }];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const first = s.region.row - (s.region.row % s.params.length);
    return [
      ["ve", [{ row: first, column: 0, rows: s.region.row + s.region.rows - first, columns: 1 }]],
    ];
  },
  define: [
    ({ view, params, region, set }) =>
      eachRow(region, (row) => {
        let min = ZERO_EXPONENT;
        for (let j = row - (row % params.length); j <= row; j++)
          min = Math.min(min, view.ve.at(j, 0));
        set(row, 0, 30 - min);
      }),
  ],
});

interface ChunkOf {
  readonly region: Region;
  readonly params: { readonly chunk: number };
}

const fromTo = (s: ChunkOf) =>
  [
    s.region.column * s.params.chunk,
    (s.region.column + s.region.columns) * s.params.chunk,
  ] as const;

/** max over j of s_ij, in chunks of key positions. A chunk beyond the diagonal gives -2^30. */
export const attentionMax = defineKind({
  name: "attention.max",
  inputs: ["q8", "qe", "k8", "ke"],
  optional: [],
  outputs: ["max"],
  params: [...FRAME, "scale", "chunk"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: chunks(s.params.keys, s.params.chunk), dtype: "i32" }];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: () => 0,
  cost: (s) =>
    s.region.rows * s.region.columns * Math.min(s.params.chunk, s.params.keys) * s.in.q8.columns,
  closure: (s) => [
    ["q8", [band(s.region, 0, s.in.q8.columns)]],
    ["qe", [band(s.region, 0, 1)]],
    ["k8", keyRegion(s.region, s.params, s.in.k8.columns, ...fromTo(s))],
    ["ke", keyRegion(s.region, s.params, 1, ...fromTo(s))],
  ],
  define: [
    (x) =>
      eachElement(x.region, (i, c) => {
        const { first, count } = keysOf(i, x.params);
        let max = -pow2(30);
        for (let j = c * x.params.chunk; j < Math.min(count, (c + 1) * x.params.chunk); j++) {
          max = Math.max(max, score(x, i, first + j));
        }
        x.set(i, c, max);
      }),
  ],
});

/** sum over j of E_ij >> 12, in chunks of key positions. E <= 2^30, so 8,191 keys fit i32. */
export const attentionSum = defineKind({
  name: "attention.sum",
  inputs: ["q8", "qe", "k8", "ke", "max"],
  optional: [],
  outputs: ["sum"],
  params: [...FRAME, "scale", "chunk"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: chunks(s.params.keys, s.params.chunk), dtype: "i32" }];
  },
  bounds: (s) => [{ what: "sum of E >> 12", max: s.params.keys * 2 ** 18, limit: I32_MAX }],
  work: () => 0,
  cost: (s) =>
    s.region.rows * s.region.columns * Math.min(s.params.chunk, s.params.keys) * s.in.q8.columns,
  closure: (s) => [
    ["q8", [band(s.region, 0, s.in.q8.columns)]],
    ["qe", [band(s.region, 0, 1)]],
    ["k8", keyRegion(s.region, s.params, s.in.k8.columns, ...fromTo(s))],
    ["ke", keyRegion(s.region, s.params, 1, ...fromTo(s))],
    ["max", [band(s.region, 0, 1)]],
  ],
  define: [
    (x) =>
      eachElement(x.region, (i, c) => {
        const { first, count } = keysOf(i, x.params);
        let sum = 0;
        for (let j = c * x.params.chunk; j < Math.min(count, (c + 1) * x.params.chunk); j++) {
          sum += exponential(x, i, first + j) >> 12;
        }
        x.set(i, c, sum);
      }),
  ],
});

/**
 * w_ij = min(RSH(E_ij, x_i + ve_j - 14), 16383): the exponent of the value row folded into its weight, so that no value is
 * ever realigned. Zero above the diagonal.
 */
export const attentionWeights = defineKind({
  name: "attention.weights",
  inputs: ["q8", "qe", "k8", "ke", "max", "ve", "x"],
  optional: [],
  outputs: ["w"],
  params: [...FRAME, "scale"],
  shape: (s) => {
    requireFrame(s);
    return [{ rows: s.in.q8.rows, columns: s.params.keys, dtype: "i16" }];
  },
  bounds: (s) => scoreBounds(s.in.q8.columns, s.params.scale),
  work: (s) => causalPairs(s.in.q8.rows, s.params) * s.in.q8.columns,
  cost: (s) => s.region.rows * s.region.columns * s.in.q8.columns,
  closure: (s) => {
    const { column, columns } = s.region;
    return [
      ["q8", [band(s.region, 0, s.in.q8.columns)]],
      ["qe", [band(s.region, 0, 1)]],
      ["k8", keyRegion(s.region, s.params, s.in.k8.columns, column, column + columns)],
      ["ke", keyRegion(s.region, s.params, 1, column, column + columns)],
      ["max", [band(s.region, 0, 1)]],
      ["ve", keyRegion(s.region, s.params, 1, column, column + columns)],
      ["x", lastKeys(s.region, s.params)],
    ];
  },
  define: [
    (x) =>
      eachRow(x.region, (i) => {
        const { first, count } = keysOf(i, x.params);
        const align = x.view.x.at(first + count - 1, 0);
        eachColumn(x.region, (j) => {
          if (j >= count) return x.set(i, j, 0);
          const shift = align + x.view.ve.at(first + j, 0) - 14;
          x.set(i, j, Math.min(WEIGHT_MAX, rsh(exponential(x, i, first + j), shift)));
        });
      }),
  ],
});

/** The key row at the position of each query row of a region. */
function lastKeys(region: Region, p: Parameters<typeof keysOf>[1]): Region[] {
  const regions: Region[] = [];
  for (let row = region.row; row < region.row + region.rows; row++) {
    const { first, count } = keysOf(row, p);
    const previous = regions.at(-1);
    const last = first + count - 1;
    if (previous && previous.row + previous.rows === last) {
      regions[regions.length - 1] = { ...previous, rows: previous.rows + 1 };
    } else {
      regions.push({ row: last, column: 0, rows: 1, columns: 1 });
    }
  }
  return regions;
}

/** Number of (query, key) pairs that the causal mask allows. */
export function causalPairs(
  rows: number,
  p: { readonly queries: number; readonly keys: number },
): number {
  const past = p.keys - p.queries;
  const perHead = p.queries * past + divFloor(p.queries * (p.queries + 1), 2);
  return divFloor(rows, p.queries) * perHead;
}

/**
 * The context of a token, Q16: SAT30(RSH(RSH(sum_j w_ij v_j, 4) * R, L + 21 - x_i)), heads side by side. The sum is exact:
 * two limbs of w of seven bits in i32, or one i64.
 */
export const attentionContext = defineKind({
  name: "attention.context",
  inputs: ["w", "v", "sum", "x"],
  optional: [],
  outputs: ["o"],
  params: [...FRAME],
  shape: (s) => {
    requireShape(s.in.w.columns === s.params.keys, "w has a column for each key");
    requireShape(s.in.v.dtype === "i16", "v is i16");
    return [
      {
        rows: divFloor(s.in.w.rows, s.params.heads),
        columns: s.params.heads * s.in.v.columns,
        dtype: "i32",
      },
    ];
  },
  bounds: (s) => contextBounds(s.params.keys),
  work: (s) => 4 * causalPairs(s.in.w.rows, s.params) * s.in.v.columns,
  cost: (s) => s.region.rows * s.region.columns * 4 * s.params.keys,
  closure: (s) => {
    const size = s.in.v.columns;
    const w: Region[] = [];
    const v: Region[] = [];
    const x: Region[] = [];
    const first = divFloor(s.region.column, size);
    const last = divFloor(s.region.column + s.region.columns - 1, size);
    for (let head = first; head <= last; head++) {
      const column = Math.max(0, s.region.column - head * size);
      const end = Math.min(size, s.region.column + s.region.columns - head * size);
      eachRow(s.region, (token) => {
        const row = headRow(token, head, s.params.heads, s.params.queries);
        const one = { row, column: 0, rows: 1, columns: 1 };
        const keys = keysOf(row, s.params);
        w.push({ ...one, columns: keys.count });
        v.push({ row: keys.first, column, rows: keys.count, columns: end - column });
        x.push({ ...one, row: keys.first + keys.count - 1 });
      });
    }
    const rows = w.map((region) => ({ ...region, columns: 1 }));
    return [
      ["w", w],
      ["v", v],
      ["sum", rows],
      ["x", x],
    ];
  },
  define: [
    ({ in: tensors, view, params, region, set }) =>
      eachElement(region, (token, column) => {
        const size = tensors.v.columns;
        const head = divFloor(column, size);
        const row = headRow(token, head, params.heads, params.queries);
        const { first, count } = keysOf(row, params);
        let acc = 0;
        for (let j = 0; j < count; j++)
          acc += view.w.at(row, j) * view.v.at(first + j, column - head * size);
        set(token, column, contextOf(acc, view.sum.at(row, 0), view.x.at(first + count - 1, 0)));
      }),
  ],
});

/** Bounds of the sums that `contextOf` takes, over `keys` keys: w has 14 bits, v 12 with its sign. */
export function contextBounds(keys: number): Bound[] {
  return [
    { what: "one limb of w x v", max: 127 * VALUE_MAX * keys, limit: I32_MAX },
    {
      what: "sum of w v x reciprocal",
      max: ((WEIGHT_MAX * VALUE_MAX * keys) / 16 + 1) * 65535,
      limit: WIDE_MAX / 2,
    },
  ];
}

/** An element of the context from acc = sum_j w_ij v_j, the row's sum Z and its alignment x_i. */
export function contextOf(acc: number, sum: number, align: number): number {
  const z = normaliser(sum);
  return sat30(rsh(rsh(acc, 4) * z.reciprocal, z.length + 21 - align));
}

/**
 * A cache of past heads followed by new ones: out[head, past + i]. For decoding, where row order must stay
 * [sequence, head, position].
 */
export const cacheAppend = defineKind({
  name: "cache.append",
  inputs: ["past", "next"],
  optional: [],
  outputs: ["all"],
  params: ["pastLength", "nextLength"],
  shape: (s) => [
    {
      rows: s.in.past.rows + s.in.next.rows,
      columns: s.in.next.columns,
      dtype: s.in.next.dtype,
    },
  ],
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const past: Region[] = [];
    const next: Region[] = [];
    eachRow(s.region, (row) => {
      const from = cacheRow(row, s.params);
      (from.isPast ? past : next).push({ ...s.region, row: from.row, rows: 1 });
    });
    return [
      ["past", past],
      ["next", next],
    ];
  },
  define: [
    ({ view, params, region, set }) =>
      eachElement(region, (row, column) => {
        const from = cacheRow(row, params);
        set(
          row,
          column,
          from.isPast ? view.past.at(from.row, column) : view.next.at(from.row, column),
        );
      }),
  ],
});

function cacheRow(
  row: number,
  p: { readonly pastLength: number; readonly nextLength: number },
): { isPast: boolean; row: number } {
  const length = p.pastLength + p.nextLength;
  const { token, position } = placeOf(row, 1, length);
  const block = divFloor(token, length);
  if (position < p.pastLength) return { isPast: true, row: block * p.pastLength + position };
  return { isPast: false, row: block * p.nextLength + position - p.pastLength };
}
