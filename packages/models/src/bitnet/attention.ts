/** Attention over all positions of a sequence: heads, weights and context. */
import type { Dtype, TensorId } from "@r3mes/engine";
import { scoreScale } from "./attentionScale.ts";
import { type BuildContext, one, Q16 } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";
import { statistic } from "./statistic.ts";

/** Rows per head and their exponents. */
export interface Heads {
  readonly z: TensorId;
  readonly e: TensorId;
}

/** Bits of values, where they are summed to a context and where a gradient meets them. */
const VALUE_BITS = { forward: 12, backward: 8 } as const;
/** Columns of a tile of values and of context: a row of 16-bit values is wide, and a tile of context opens all it sees. */
const VALUE_TILE_COLUMNS = 16;

export interface AttentionForward {
  readonly q: Heads;
  readonly k: Heads;
  /** Values by token, Q16. */
  readonly values: TensorId;
  readonly max: TensorId;
  readonly sum: TensorId;
  readonly context: TensorId;
}

/** The shape that operations of attention share. */
export function frame(c: BuildContext) {
  return {
    heads: c.shape.heads,
    group: c.shape.heads / c.shape.kvHeads,
    queries: c.length,
    keys: c.length + c.past,
  };
}

/** Keys or values of earlier positions, declared as inputs, before those of this pass. */
function withPast(c: BuildContext, name: string, next: Heads): Heads {
  if (c.past === 0) return next;
  const rows = c.sequences * c.shape.kvHeads * c.past;
  const declare = (part: string, dtype: Dtype, columns: number) =>
    c.builder.declare({
      name: `${name}.past${part}`,
      dtype,
      rows,
      columns,
      tile: { rows: 8, columns },
      role: "input",
    });
  const params = { pastLength: c.past, nextLength: c.length };
  const z = declare("", c.builder.tensor(next.z).dtype, c.shape.headSize);
  const e = declare(".e", "i16", 1);
  return {
    z: one(c, "cache.append", `${name}.all`, { past: z, next: next.z }, params),
    e: one(c, "cache.append", `${name}.all.e`, { past: e, next: next.e }, params),
  };
}

export function addAttention(
  c: BuildContext,
  name: string,
  y: { q: TensorId; k: TensorId; v: TensorId },
): AttentionForward {
  const { heads, kvHeads, headSize } = c.shape;
  const rotate = (part: string, x: TensorId, count: number): Heads => {
    const [z, e] = c.builder.add(
      "heads.rotate",
      `${name}.${part}8`,
      { x, rope: c.weights("rope") },
      { heads: count, length: c.length, exponent: Q16, start: c.past },
    );
    return { z: z!, e: e! };
  };
  const q = rotate("q", y.q, heads);
  const k = withPast(c, `${name}.k`, rotate("k", y.k, kvHeads));
  const v = withPast(c, `${name}.v`, splitValues(c, `${name}.v`, y.v, "forward"));
  const x = one(
    c,
    "attention.prefix",
    `${name}.prefix`,
    { ve: v.e },
    { length: c.length + c.past },
  );
  const params = { ...frame(c), scale: scoreScale(headSize) };
  const scores = { q8: q.z, qe: q.e, k8: k.z, ke: k.e };
  const over = { params, columns: c.length + c.past, chunk: CHUNK.positions } as const;
  const max = statistic(c, "attention.max", `${name}.max`, scores, { ...over, reduction: "max" });
  const sum = statistic(
    c,
    "attention.sum",
    `${name}.sum`,
    { ...scores, max },
    { ...over, reduction: "sum" },
  );
  const w = one(c, "attention.weights", `${name}.weights`, { ...scores, max, ve: v.e, x }, params);
  const sums = { w, v: v.z, sum, x };
  const tile = { tileColumns: VALUE_TILE_COLUMNS };
  const [context] = c.builder.add("attention.context", `${name}.context`, sums, frame(c), tile);
  return { q, k, values: y.v, max, sum, context: context! };
}

/** Values in the bits of a pass. */
export function splitValues(
  c: BuildContext,
  name: string,
  x: TensorId,
  pass: keyof typeof VALUE_BITS,
): Heads {
  const [z, e] = c.builder.add(
    "heads.split",
    name,
    { x },
    { heads: c.shape.kvHeads, length: c.length, exponent: Q16, bits: VALUE_BITS[pass] },
    pass === "forward" ? { tileColumns: VALUE_TILE_COLUMNS } : {},
  );
  return { z: z!, e: e! };
}
