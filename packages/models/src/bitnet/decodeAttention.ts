/** Attention of new positions over the caches of a program that decodes. */
import type { TensorId } from "@r3mes/engine";
import { type Heads, splitValues } from "./attention.ts";
import { scoreScale } from "./attentionScale.ts";
import { type BuildContext, one, Q16 } from "./buildContext.ts";

/** Attention of new positions over caches of the whole context, and the caches with them. */
export function addDecodeAttention(
  c: BuildContext,
  name: string,
  y: { q: TensorId; k: TensorId; v: TensorId },
  position: TensorId,
): TensorId {
  const { heads, kvHeads, headSize, context } = c.shape;
  const rotate = (part: string, x: TensorId, count: number): Heads => {
    const params = { heads: count, length: c.length, exponent: Q16 };
    const [z, e] = c.builder.add(
      "decode.rotate",
      `${name}.${part}8`,
      { x, rope: c.weights("rope"), position },
      params,
    );
    return { z: z!, e: e! };
  };
  const cache = (part: string, dtype: "i8" | "i16", columns: number): TensorId =>
    c.builder.declare({
      name: `${name}.${part}`,
      dtype,
      rows: c.sequences * kvHeads * context,
      columns,
      tile: { rows: 8, columns: Math.min(32, columns) },
      role: "state",
    });
  const q = rotate("q", y.q, heads);
  const k = rotate("k", y.k, kvHeads);
  const v = splitValues(c, `${name}.v`, y.v, "forward");
  const past = {
    pastK8: cache("k.cache", "i8", headSize),
    pastKe: cache("k.cache.e", "i16", 1),
    pastV: cache("v.cache", "i16", headSize),
    pastVe: cache("v.cache.e", "i16", 1),
  };
  const next = { k8: k.z, ke: k.e, v: v.z, ve: v.e };
  const o = one(
    c,
    "decode.attention",
    `${name}.context`,
    { q8: q.z, qe: q.e, ...next, ...past, position },
    {
      heads,
      group: heads / kvHeads,
      length: c.length,
      capacity: context,
      scale: scoreScale(headSize),
    },
  );
  const pairs = [
    [past.pastK8, next.k8],
    [past.pastKe, next.ke],
    [past.pastV, next.v],
    [past.pastVe, next.ve],
  ] as const;
  for (const [into, from] of pairs) {
    const inputs = { cache: into, next: from, position };
    const params = { capacity: context, length: c.length };
    c.builder.add("cache.write", `${c.builder.tensor(into).name}.write`, inputs, params, {
      into: [into],
    });
  }
  return o;
}
