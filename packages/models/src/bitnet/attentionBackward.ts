/** The backward pass of attention: the gradients of queries, keys and values, as rows by token. */
import type { TensorId } from "@r3mes/engine";
import { type AttentionForward, frame, splitValues } from "./attention.ts";
import { inverseRoot, scoreScale } from "./attentionScale.ts";
import { type BuildContext, one, type RowGradient } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";
import { statistic } from "./statistic.ts";

export function addAttentionBackward(
  c: BuildContext,
  name: string,
  f: AttentionForward,
  dContext: RowGradient,
): { q: RowGradient; k: RowGradient; v: RowGradient } {
  const { heads, kvHeads, headSize } = c.shape;
  const [do8, doe] = c.builder.add(
    "heads.split",
    `${name}.do8`,
    { x: dContext.d, e: dContext.e },
    { heads, length: c.length, exponent: 0, bits: 8 },
  );
  const v = splitValues(c, `${name}.v8`, f.values, "backward");
  const params = { ...frame(c), scale: scoreScale(headSize) };
  const positions = { columns: c.length, chunk: CHUNK.positions } as const;
  const scores = { q8: f.q.z, qe: f.q.e, k8: f.k.z, ke: f.k.e };
  const over = { ...positions, params } as const;
  const values = { v8: v.z, ve: v.e, do8, doe };
  const dpm = statistic(c, "attention.gradientMagnitude", `${name}.dpm`, values, {
    ...positions,
    params: frame(c),
    reduction: "max",
  });
  const rows = { ...scores, ...values, max: f.max, sum: f.sum, dpm };
  const delta = statistic(c, "attention.delta", `${name}.delta`, rows, {
    ...over,
    reduction: "sum",
  });
  const gradients = { ...rows, delta };

  const dm = statistic(c, "attention.queryMagnitude", `${name}.dqm`, gradients, {
    ...over,
    reduction: "max",
  });
  const d8 = one(c, "attention.queryWeights", `${name}.dq8`, { ...gradients, dm }, params);
  const dq = one(c, "attention.queryGradient", `${name}.dq`, { d8, k8: f.k.z }, frame(c));

  const km = addGroup(
    c,
    "group.max",
    `${name}.dkm`,
    statistic(c, "attention.keyMagnitude", `${name}.dkm.head`, gradients, {
      ...over,
      reduction: "max",
    }),
  );
  const k8 = one(c, "attention.keyWeights", `${name}.dk8`, { ...gradients, km }, params);
  const dk = addGroup(
    c,
    "group.sum",
    `${name}.dk`,
    one(c, "attention.keyGradient", `${name}.dk.head`, { w8: k8, x8: f.q.z }, frame(c)),
  );

  const weights = { ...scores, doe, max: f.max, sum: f.sum };
  const vm = addGroup(
    c,
    "group.max",
    `${name}.dvm`,
    statistic(c, "attention.valueMagnitude", `${name}.dvm.head`, weights, {
      ...over,
      reduction: "max",
    }),
  );
  const p8 = one(c, "attention.valueWeights", `${name}.dv8`, { ...weights, km: vm }, params);
  const dv = addGroup(
    c,
    "group.sum",
    `${name}.dv`,
    one(c, "attention.keyGradient", `${name}.dv.head`, { w8: p8, x8: do8 }, frame(c)),
  );

  return {
    q: addMerge(c, `${name}.dqRow`, { x: dq, m: dm }, { heads, isRotated: true }),
    k: addMerge(c, `${name}.dkRow`, { x: dk, m: km }, { heads: kvHeads, isRotated: true }),
    v: addMerge(c, `${name}.dvRow`, { x: dv, m: vm }, { heads: kvHeads, isRotated: false }),
  };
}

/** Combines the heads of a group; nothing to do where each has its own key head. */
function addGroup(c: BuildContext, kind: string, name: string, x: TensorId): TensorId {
  const group = c.shape.heads / c.shape.kvHeads;
  return group === 1 ? x : one(c, kind, name, { x }, { group, length: c.length });
}

/** Per-head gradients back to rows per token. */
function addMerge(
  c: BuildContext,
  name: string,
  { x, m }: { readonly x: TensorId; readonly m: TensorId },
  { heads, isRotated }: { readonly heads: number; readonly isRotated: boolean },
): RowGradient {
  const { headSize } = c.shape;
  const chunk = Math.max(1, Math.floor(CHUNK.columns / headSize));
  const magnitude = statistic(
    c,
    "heads.magnitude",
    `${name}.magnitude`,
    { x, m },
    {
      params: { heads, length: c.length },
      columns: heads,
      chunk,
      reduction: "max",
    },
  );
  const [d, e] = c.builder.add(
    "heads.merge",
    name,
    { x, m, magnitude, rope: isRotated ? c.weights("rope") : undefined },
    { heads, length: c.length, multiplier: isRotated ? inverseRoot(headSize) : 0 },
  );
  return { d: d!, e: e! };
}
