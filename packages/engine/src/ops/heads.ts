/**
 * Between rows per token [T, heads * size] and rows per token of a head [sequences * heads * length, size]
 * (spec/arithmetic.md section 9): rotary embedding, int8 heads, and the way back for gradients.
 */
import {
  exponentOf,
  magnitudeOf,
  NO_MAGNITUDE,
  quantise,
  ZERO_EXPONENT,
} from "../arithmetic/alignedQuantise.ts";
import { divFloor } from "../arithmetic/integer.ts";
import {
  type Closure,
  defineKind,
  type Execution,
  type Region,
  requireShape,
  SAT30_MAX,
  type Shapes,
} from "./kind.ts";
import { chunks, eachColumn, eachElement, eachRow } from "./regions.ts";

const ROW_BITS = 16;
const HEAD_BITS = 8;
/** The widest heads, with their sign: sums of a context are bounded for values of so many bits. */
export const VALUE_BITS = 12;

interface Place {
  readonly token: number;
  readonly head: number;
  readonly position: number;
}

/** Where row r of a per-head tensor comes from: [sequence, head, position]. */
export function placeOf(row: number, heads: number, length: number): Place {
  const block = divFloor(row, length);
  const sequence = divFloor(block, heads);
  const position = row - block * length;
  return { token: sequence * length + position, head: block - sequence * heads, position };
}

/** Row of a per-head tensor for a token and a head. */
export function headRow(token: number, head: number, heads: number, length: number): number {
  const sequence = divFloor(token, length);
  return (sequence * heads + head) * length + (token - sequence * length);
}

/**
 * Regions of a per-token tensor that hold the rows of a per-head region: one for each sequence and head that the region
 * touches, over `columns` columns of that head.
 */
function tokensOf(region: Region, heads: number, length: number, columns: number): Region[] {
  const regions: Region[] = [];
  let row = region.row;
  const end = region.row + region.rows;
  while (row < end) {
    const place = placeOf(row, heads, length);
    const rows = Math.min(end - row, length - place.position);
    regions.push({ row: place.token, column: place.head * columns, rows, columns });
    row += rows;
  }
  return regions;
}

type Split = Pick<Execution<"x", "e", "heads" | "length" | "exponent">, "in" | "view" | "params">;

const sizeOf = (s: Pick<Shapes<"x", never, "heads">, "in" | "params">) =>
  divFloor(s.in.x.columns, s.params.heads);

/** The head's slice of a token's row in i32, and its exponent. */
function slice(x: Split, row: number): { values: number[]; e: number } {
  const size = sizeOf(x);
  const { token, head } = placeOf(row, x.params.heads, x.params.length);
  const values = Array.from({ length: size }, (_, d) => x.view.x.at(token, head * size + d));
  return { values, e: x.view.e ? x.view.e.at(token, 0) : x.params.exponent };
}

function rowMagnitude(values: readonly number[], e: number): number {
  return values.reduce((max, value) => Math.max(max, magnitudeOf(value, e)), NO_MAGNITUDE);
}

/** Rotates the pair (a, b) by the angle of the table, Q14; sine -1 turns back. Exact in i32: 2 * 2^15 * 2^14 < 2^31. */
function rotate(a: number, b: number, cosine: number, sine: number): readonly [number, number] {
  return [(a * cosine - b * sine + 8192) >> 14, (a * sine + b * cosine + 8192) >> 14];
}

/** Rotates a head of mantissas by the position's row of the table: cosines first, then sines. */
function rotateHead(
  values: readonly number[],
  table: (column: number) => number,
  direction: 1 | -1,
): number[] {
  const half = values.length >> 1;
  const rotated = [...values];
  for (let i = 0; i < half; i++) {
    const [a, b] = rotate(values[i]!, values[i + half]!, table(i), direction * table(i + half));
    rotated[i] = a;
    rotated[i + half] = b;
  }
  return rotated;
}

const splitShape = (s: Shapes<"x", never, "heads" | "length">, bits: number) => {
  requireShape(s.in.x.columns % s.params.heads === 0, "columns divide into heads");
  requireShape(s.in.x.rows % s.params.length === 0, "rows divide into sequences");
  return [
    {
      rows: s.in.x.rows * s.params.heads,
      columns: sizeOf(s),
      dtype: bits <= 8 ? ("i8" as const) : ("i16" as const),
    },
    { rows: s.in.x.rows * s.params.heads, columns: 1, dtype: "i16" as const },
  ];
};

/**
 * Heads without rotation, in `bits` bits: values (12 forward, 8 backward) and gradients of the context. One rounding, one
 * exponent per token and head.
 */
export const splitHeads = defineKind({
  name: "heads.split",
  inputs: ["x"],
  optional: ["e"],
  outputs: ["z", "e"],
  params: ["heads", "length", "exponent", "bits"],
  shape: (s) => {
    const { bits } = s.params;
    requireShape(bits >= 2 && bits <= VALUE_BITS, `bits is 2 to ${VALUE_BITS}`);
    return splitShape(s, bits);
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const x = tokensOf(s.region, s.params.heads, s.params.length, sizeOf(s));
    const tokens = x.map((region) => ({ ...region, column: 0, columns: 1 }));
    return s.in.e
      ? [
          ["x", x],
          ["e", tokens],
        ]
      : [["x", x]];
  },
  define: [
    (x) =>
      eachRow(x.region, (row) => {
        const { values, e } = slice(x, row);
        const m = rowMagnitude(values, e);
        eachColumn(x.region, (d) => x.set(row, d, quantise(values[d]!, e, m, x.params.bits)));
      }),
    (x) =>
      eachRow(x.region, (row) => {
        const { values, e } = slice(x, row);
        x.set(row, 0, exponentOf(rowMagnitude(values, e), x.params.bits));
      }),
  ],
});

type Rotated = Split & { readonly view: Execution<"rope", never, never>["view"] };

/** A head of queries or keys: cut to 16 bits, rotated by its position, and its exponent. */
function rotatedSlice(x: Rotated, row: number, start: number): { values: number[]; e: number } {
  const { values, e } = slice(x, row);
  const m = rowMagnitude(values, e);
  const { position } = placeOf(row, x.params.heads, x.params.length);
  const narrowed = values.map((value) => quantise(value, e, m, ROW_BITS));
  const table = (column: number) => x.view.rope.at(position + start, column);
  return { values: rotateHead(narrowed, table, 1), e: exponentOf(m, ROW_BITS) };
}

/** The int8 codes of a rotated head and their exponent; the first row of a sequence has the position `start`. */
export function rotatedHead(
  x: Rotated,
  row: number,
  start: number,
): { q: (d: number) => number; e: number } {
  const { values, e } = rotatedSlice(x, row, start);
  const m = rowMagnitude(values, e);
  return { q: (d) => quantise(values[d]!, e, m, HEAD_BITS), e: exponentOf(m, HEAD_BITS) };
}

/** int8 queries and keys with rotary embedding; the position of row 0 of a sequence is `start`. */
export const rotateHeads = defineKind({
  name: "heads.rotate",
  inputs: ["x", "rope"],
  optional: [],
  outputs: ["z8", "e"],
  params: ["heads", "length", "exponent", "start"],
  shape: (s) => {
    requireShape(
      s.in.rope.columns === sizeOf(s),
      "rope has a row of cosines and sines as wide as a head",
    );
    requireShape(s.params.start + s.params.length <= s.in.rope.rows, "rope covers the positions");
    return splitShape(s, HEAD_BITS);
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const x = tokensOf(s.region, s.params.heads, s.params.length, sizeOf(s));
    const rope = x.map((region) => ({
      row: s.params.start + (region.row % s.params.length),
      column: 0,
      rows: region.rows,
      columns: s.in.rope.columns,
    }));
    return [
      ["x", x],
      ["rope", rope],
    ];
  },
  define: [
    (x) =>
      eachRow(x.region, (row) => {
        const { q } = rotatedHead(x, row, x.params.start);
        eachColumn(x.region, (d) => x.set(row, d, q(d)));
      }),
    (x) => eachRow(x.region, (row) => x.set(row, 0, rotatedHead(x, row, x.params.start).e)),
  ],
});

type Merge = Pick<Execution<"x" | "m", never, "heads" | "length">, "in" | "view" | "params">;

/** Exponent of a per-head gradient row: its contraction weights were 8 bits at magnitude m. */
const headExponent = (x: Merge, row: number) => exponentOf(x.view.m.at(row, 0), HEAD_BITS);

/** Rows of every head in first..first + count for the tokens of a region. */
function headsOf(
  region: Region,
  first: number,
  count: number,
  s: Pick<Merge, "in" | "params">,
  columns: number,
): Region[] {
  const { heads, length } = s.params;
  const regions: Region[] = [];
  for (let head = first; head < first + count; head++) {
    let token = region.row;
    const end = region.row + region.rows;
    while (token < end) {
      const rows = Math.min(end - token, length - (token % length));
      regions.push({ row: headRow(token, head, heads, length), column: 0, rows, columns });
      token += rows;
    }
  }
  return regions;
}

/** Magnitude of a token's gradient over all heads, in chunks of heads. m is the magnitude of each head's weights. */
export const headsMagnitude = defineKind({
  name: "heads.magnitude",
  inputs: ["x", "m"],
  optional: [],
  outputs: ["magnitude"],
  params: ["heads", "length", "chunk"],
  shape: (s) => [
    {
      rows: divFloor(s.in.x.rows, s.params.heads),
      columns: chunks(s.params.heads, s.params.chunk),
      dtype: "i16",
    },
  ],
  bounds: () => [],
  work: () => 0,
  closure: (s) => {
    const first = s.region.column * s.params.chunk;
    const count = Math.min(s.region.columns * s.params.chunk, s.params.heads - first);
    return [
      ["x", headsOf(s.region, first, count, s, s.in.x.columns)],
      ["m", headsOf(s.region, first, count, s, 1)],
    ];
  },
  define: [
    (x) =>
      eachElement(x.region, (token, c) => {
        const { heads, length, chunk } = x.params;
        let max = NO_MAGNITUDE;
        for (let head = c * chunk; head < Math.min(heads, (c + 1) * chunk); head++) {
          const row = headRow(token, head, heads, length);
          for (let d = 0; d < x.in.x.columns; d++) {
            max = Math.max(max, magnitudeOf(x.view.x.at(row, d), headExponent(x, row)));
          }
        }
        x.set(token, c, max);
      }),
  ],
});

type Joined = Merge & {
  readonly view: Execution<"magnitude", "rope", never>["view"];
  readonly params: { readonly multiplier: number };
};

/** One head of a token's gradient: 16 bits at the token's magnitude, turned back, times 2^15 / sqrt(size). */
function joinedHead(x: Joined, token: number, head: number): number[] {
  const row = headRow(token, head, x.params.heads, x.params.length);
  const e = headExponent(x, row);
  const m = x.view.magnitude.at(token, 0);
  const narrowed = Array.from({ length: x.in.x.columns }, (_, d) =>
    quantise(x.view.x.at(row, d), e, m, ROW_BITS),
  );
  const { rope } = x.view;
  if (rope === undefined) return narrowed;
  const table = (column: number) => rope.at(token % x.params.length, column);
  return rotateHead(narrowed, table, -1).map((value) => value * x.params.multiplier);
}

/** The heads of a token's gradient side by side, i32, with one exponent (output 1): 15 more where a multiplier is. */
export const mergeHeads = defineKind({
  name: "heads.merge",
  inputs: ["x", "m", "magnitude"],
  optional: ["rope"],
  outputs: ["y", "e"],
  params: ["heads", "length", "multiplier"],
  shape: (s) => {
    requireShape(s.in.magnitude.columns === 1, "magnitude is combined");
    requireShape(
      (s.in.rope !== undefined) === s.params.multiplier > 0,
      "a multiplier comes with a rotation",
    );
    const rows = divFloor(s.in.x.rows, s.params.heads);
    return [
      { rows, columns: s.in.x.columns * s.params.heads, dtype: "i32" },
      { rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: (s) => [
    { what: "rotated 16 bits x multiplier", max: 46342 * s.params.multiplier, limit: SAT30_MAX },
  ],
  work: () => 0,
  closure: (s): Closure => {
    const tokens = { ...s.region, column: 0, columns: 1 };
    if (s.output === 1) return [["magnitude", [tokens]]];
    const size = s.in.x.columns;
    const first = divFloor(s.region.column, size);
    const count = divFloor(s.region.column + s.region.columns - 1, size) - first + 1;
    const rope = s.in.rope && {
      row: s.region.row % s.params.length,
      column: 0,
      rows: s.region.rows,
      columns: s.in.rope.columns,
    };
    return [
      ["x", headsOf(s.region, first, count, s, size)],
      ["m", headsOf(s.region, first, count, s, 1)],
      ["magnitude", [tokens]],
      ...(rope ? ([["rope", wrapRows(rope, s.params.length)]] as const) : []),
    ];
  },
  define: [
    (x) =>
      eachRow(x.region, (token) => {
        const size = x.in.x.columns;
        let head = -1;
        let values: number[] = [];
        eachColumn(x.region, (column) => {
          const wanted = divFloor(column, size);
          if (wanted !== head) {
            head = wanted;
            values = joinedHead(x, token, head);
          }
          x.set(token, column, values[column - head * size]!);
        });
      }),
    (x) =>
      eachRow(x.region, (token) => {
        const e = exponentOf(x.view.magnitude.at(token, 0), ROW_BITS);
        x.set(token, 0, e === ZERO_EXPONENT ? e : e + (x.params.multiplier > 0 ? 15 : 0));
      }),
  ],
});

/** Cuts a run of positions that passes the end of a sequence into one that begins again at position 0. */
function wrapRows(region: Region, length: number): Region[] {
  if (region.row + region.rows <= length) return [region];
  return [{ ...region, row: 0, rows: length }];
}
