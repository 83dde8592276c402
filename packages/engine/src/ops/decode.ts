/**
 * Decoding with caches whose fill is data (spec/arithmetic.md section 10): the same rotation, scores and context as in
 * training, for a run of new positions behind the cached ones of each sequence. Programs that decode are not traced.
 *
 * `position` is i32 [sequences, 1]. Cache rows are [sequence, head, capacity]; row j of a head is valid for j < position.
 */
import { R3mesError } from "@r3mes/protocol";
import { exp2n } from "../arithmetic/exponential.ts";
import { divFloor, pow2, rsh } from "../arithmetic/integer.ts";
import { contextBounds, contextOf, WEIGHT_MAX } from "./attention/forward.ts";
import { score, scoreBounds } from "./attention/score.ts";
import { rotatedHead } from "./heads.ts";
import { defineKind, type Execution, I32_MAX, requireShape, type View } from "./kind.ts";
import { eachColumn, eachElement, eachRow, whole } from "./regions.ts";

function requireSequences(condition: boolean): void {
  requireShape(condition, "rows are those of as many sequences as have a position");
}

/** Cached positions of a sequence. Throws CONTEXT_EXCEEDED if the new ones do not fit behind them. */
function positionOf(position: View, sequence: number, length: number, capacity: number): number {
  const past = position.at(sequence, 0);
  if (past < 0 || past + length > capacity) {
    throw new R3mesError({ code: "CONTEXT_EXCEEDED", position: past, length, context: capacity });
  }
  return past;
}

/** heads.rotate with the position of each sequence's first row as data. */
export const decodeRotate = defineKind({
  name: "decode.rotate",
  inputs: ["x", "rope", "position"],
  optional: [],
  outputs: ["z8", "e"],
  params: ["heads", "length", "exponent"],
  shape: (s) => {
    requireSequences(s.in.x.rows === s.in.position.rows * s.params.length);
    const columns = divFloor(s.in.x.columns, s.params.heads);
    requireShape(s.in.rope.columns === columns, "rope is as wide as a head");
    const rows = s.in.x.rows * s.params.heads;
    return [
      { rows, columns, dtype: "i8" },
      { rows, columns: 1, dtype: "i16" },
    ];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => [
    ["position", [whole(s.in.position)]],
    ["x", [whole(s.in.x)]],
    ["rope", [whole(s.in.rope)]],
  ],
  define: [
    (x) =>
      eachRow(x.region, (row) => {
        const { q } = rotatedHead(x, row, startOf(x, row));
        eachColumn(x.region, (d) => x.set(row, d, q(d)));
      }),
    (x) => eachRow(x.region, (row) => x.set(row, 0, rotatedHead(x, row, startOf(x, row)).e)),
  ],
});

/** Position of the first row of the sequence that a row of heads belongs to. */
function startOf(
  { in: tensors, view, params }: Execution<"rope" | "position", never, "heads" | "length">,
  row: number,
): number {
  const sequence = divFloor(row, params.heads * params.length);
  return positionOf(view.position, sequence, params.length, tensors.rope.rows);
}

/** Caches with the new rows written behind the valid ones, in place on state. */
export const cacheWrite = defineKind({
  name: "cache.write",
  inputs: ["cache", "next", "position"],
  optional: [],
  outputs: ["cache"],
  params: ["capacity", "length"],
  shape: (s) => {
    requireShape(s.in.cache.dtype === s.in.next.dtype, "cache and next have one type");
    const heads = divFloor(s.in.cache.rows, s.params.capacity);
    requireSequences(
      heads % s.in.position.rows === 0 && s.in.next.rows === heads * s.params.length,
    );
    return [{ rows: s.in.cache.rows, columns: s.in.cache.columns, dtype: s.in.cache.dtype }];
  },
  bounds: () => [],
  work: () => 0,
  closure: (s) => [
    ["position", [whole(s.in.position)]],
    ["cache", [s.region]],
    ["next", [whole(s.in.next)]],
  ],
  define: [
    ({ in: tensors, view, params, region, set }) => {
      const { capacity, length } = params;
      const heads = divFloor(tensors.cache.rows, capacity * tensors.position.rows);
      eachElement(region, (row, column) => {
        const head = divFloor(row, capacity);
        const past = positionOf(view.position, divFloor(head, heads), length, capacity);
        const fresh = row - head * capacity - past;
        const isFresh = fresh >= 0 && fresh < length;
        set(
          row,
          column,
          isFresh ? view.next.at(head * length + fresh, column) : view.cache.at(row, column),
        );
      });
    },
  ],
});

/** Rows [head, capacity + length] made of `past` cached rows and the new ones behind them. */
function joined(cache: View, next: View, past: number, capacity: number, length: number): View {
  const span = capacity + length;
  const place = (row: number): readonly [View, number] => {
    const head = divFloor(row, span);
    const j = row - head * span;
    return j < past ? [cache, head * capacity + j] : [next, head * length + j - past];
  };
  return {
    at: (row, column) => {
      const [view, own] = place(row);
      return view.at(own, column);
    },
    wide: (row, column) => BigInt(joined(cache, next, past, capacity, length).at(row, column)),
  };
}

/** The context of new positions over cache and new keys: max, sum, weights and context of section 10 in one operation. */
export const decodeAttention = defineKind({
  name: "decode.attention",
  inputs: ["q8", "qe", "k8", "ke", "v", "ve", "pastK8", "pastKe", "pastV", "pastVe", "position"],
  optional: [],
  outputs: ["o"],
  params: ["heads", "group", "length", "capacity", "scale"],
  shape: (s) => {
    const { heads, group, length, capacity } = s.params;
    const sequences = s.in.position.rows;
    requireSequences(s.in.q8.rows === sequences * heads * length);
    requireShape(s.in.v.dtype === "i16" && s.in.pastV.dtype === "i16", "v is i16");
    requireShape(
      s.in.pastK8.rows === sequences * divFloor(heads, group) * capacity,
      "the cache has capacity rows a head",
    );
    return [{ rows: sequences * length, columns: heads * s.in.v.columns, dtype: "i32" }];
  },
  bounds: (s) => [
    ...scoreBounds(s.in.q8.columns, s.params.scale),
    { what: "sum of E >> 12", max: s.params.capacity * 2 ** 18, limit: I32_MAX },
    ...contextBounds(s.params.capacity),
  ],
  work: () => 0,
  closure: (s) => Object.entries(s.in).map(([name, tensor]) => [name, [whole(tensor)]] as const),
  define: [
    (x) => {
      for (let sequence = 0; sequence < x.in.position.rows; sequence++) {
        for (let head = 0; head < x.params.heads; head++) attend(x, sequence, head);
      }
    },
  ],
});

type Attention = Execution<
  "q8" | "qe" | "k8" | "ke" | "v" | "ve" | "pastK8" | "pastKe" | "pastV" | "pastVe" | "position",
  never,
  "heads" | "group" | "length" | "capacity" | "scale"
>;

/** The context of one head over the new positions of one sequence. */
function attend(x: Attention, sequence: number, head: number): void {
  const { heads, group, length, capacity } = x.params;
  const { view } = x;
  const past = positionOf(view.position, sequence, length, capacity);
  const join = (cache: View, next: View) => joined(cache, next, past, capacity, length);
  const ve = join(view.pastVe, view.ve);
  const v = join(view.pastV, view.v);
  const keys = {
    q8: view.q8,
    qe: view.qe,
    k8: join(view.pastK8, view.k8),
    ke: join(view.pastKe, view.ke),
  };
  const size = x.in.v.columns;
  const keyHead = sequence * divFloor(heads, group) + divFloor(head, group);
  const first = keyHead * (capacity + length);
  for (let i = 0; i < length; i++) {
    const rows = Array.from({ length: past + i + 1 }, (_, j) => first + j);
    const query = (sequence * heads + head) * length + i;
    const scores = rows.map((j) => score({ ...x, view: keys }, query, j));
    const max = scores.reduce((a, b) => Math.max(a, b), -pow2(30));
    const e = scores.map((s) => exp2n(max - s));
    const z = e.reduce((sum, value) => sum + (value >> 12), 0);
    const align = 30 - rows.reduce((min, j) => Math.min(min, ve.at(j, 0)), ve.at(first, 0));
    const w = e.map((value, j) =>
      Math.min(WEIGHT_MAX, rsh(value, align + ve.at(rows[j]!, 0) - 14)),
    );
    for (let d = 0; d < size; d++) {
      const acc = w.reduce((sum, weight, j) => sum + weight * v.at(rows[j]!, d), 0);
      x.set(sequence * length + i, head * size + d, contextOf(acc, z, align));
    }
  }
}
