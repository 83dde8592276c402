/** One BitNet layer: forward, and backward in the opposite order. */
import type { Dtype, TensorId } from "@r3mes/engine";
import { inverseRoot, scoreScale } from "./attentionScale.ts";
import {
  type AdapterState,
  addLinear,
  addLinearBackward,
  addLinearForward,
  addNorm,
  addNormGradient,
  type BuildContext,
  declareAdapter,
  declareDecodedLinear,
  type FactorContext,
  type Linear,
  type LinearForward,
  type Norm,
  type OptimizerName,
  one,
  Q16,
  RESIDUAL_GRADIENT_EXPONENT,
  type RowGradient,
  rowMagnitude,
  statistic,
  type TrainedLinear,
} from "./bitnetBuilder.ts";
import type { LinearName } from "./bitnetShape.ts";
import { CHUNK } from "./chunks.ts";

export type Linears<L extends Linear = Linear> = Readonly<Record<LinearName, L>>;
export type TrainedLinears = Linears<TrainedLinear>;

/** The factors of a layer by the linear that they change. */
export type Adapters = Readonly<Record<LinearName, AdapterState | null>>;

export function declareAdapters(
  c: FactorContext,
  layer: number,
  optimizer: OptimizerName | null,
): Adapters {
  return ofLinears((linear) => declareAdapter(c, layer, linear, optimizer));
}

export function addLinears(c: BuildContext, layer: number, adapters: Adapters): TrainedLinears {
  return ofLinears((linear) => addLinear(c, layer, linear, adapters[linear]));
}

export function declareDecodedLinears(c: BuildContext, layer: number): Linears {
  return ofLinears((linear) => declareDecodedLinear(c, layer, linear));
}

/** One value for each linear, made in the order of the forward pass. */
function ofLinears<T>(make: (linear: LinearName) => T): Readonly<Record<LinearName, T>> {
  return {
    q: make("q"),
    k: make("k"),
    v: make("v"),
    o: make("o"),
    gate: make("gate"),
    up: make("up"),
    down: make("down"),
  };
}

/** Rows per head and their exponents. */
interface Heads {
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

export interface LayerForward {
  readonly input: Norm;
  /** What the gradient needs; absent where there is none. */
  readonly attention: AttentionForward | null;
  readonly attentionNorm: Norm;
  readonly middle: Norm;
  readonly gate: TensorId;
  readonly up: TensorId;
  readonly gm: TensorId;
  readonly um: TensorId;
  readonly feedNorm: Norm;
  readonly forwards: Readonly<Record<LinearName, LinearForward>>;
  /** The residual stream after the layer. */
  readonly x: TensorId;
}

function frame(c: BuildContext) {
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

function addAttention(
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
function splitValues(
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

/** Attention of new positions over caches of the whole context, and the caches with them. */
function addDecodeAttention(
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

/** The layer's forward pass from the residual stream x. */
export function addLayerForward(
  c: BuildContext,
  layer: number,
  linears: Linears,
  x: TensorId,
): LayerForward {
  const name = `layers.${layer}`;
  const input = addNorm(c, `${name}.inputNorm`, x);
  const q = addLinearForward(c, linears.q, input);
  const k = addLinearForward(c, linears.k, input);
  const v = addLinearForward(c, linears.v, input);
  const y = { q: q.y, k: k.y, v: v.y };
  const isDecode = c.position !== null;
  const attention = isDecode ? null : addAttention(c, `${name}.attention`, y);
  const context = attention?.context ?? addDecodeAttention(c, `${name}.attention`, y, c.position!);
  const attentionNorm = addNorm(c, `${name}.attentionNorm`, context);
  const o = addLinearForward(c, linears.o, attentionNorm, x);
  const middle = addNorm(c, `${name}.middleNorm`, o.y);
  const gate = addLinearForward(c, linears.gate, middle);
  const up = addLinearForward(c, linears.up, middle);
  const gm = rowMagnitude(c, `${name}.gate.magnitude`, { x: gate.y }, { exponent: Q16, relu: 1 });
  const um = rowMagnitude(c, `${name}.up.magnitude`, { x: up.y }, { exponent: Q16 });
  const [h, he] = c.builder.add("gate", `${name}.hidden`, { gate: gate.y, up: up.y, gm, um });
  const feedNorm = addNorm(c, `${name}.feedNorm`, h!, he);
  const down = addLinearForward(c, linears.down, feedNorm, o.y);
  return {
    input,
    attention,
    attentionNorm,
    middle,
    gate: gate.y,
    up: up.y,
    gm,
    um,
    feedNorm,
    forwards: { q, k, v, o, gate, up, down },
    x: down.y,
  };
}

export interface LayerBackwardOptions {
  readonly optimizer: OptimizerName;
  readonly step: TensorId;
  /** Gradient of the residual stream after the layer, Q18. */
  readonly dr: TensorId;
  readonly isFirst: boolean;
}

/** The layer's backward pass; returns the gradient of the residual stream before it, none for the first layer. */
export function addLayerBackward(
  c: BuildContext,
  layer: number,
  linears: TrainedLinears,
  f: LayerForward,
  o: LayerBackwardOptions,
): TensorId | undefined {
  const name = `layers.${layer}`;
  const backward = (
    linear: LinearName,
    norm: Norm,
    dy: RowGradient | TensorId,
    addend?: RowGradient,
    isNeeded = true,
  ) =>
    addLinearBackward(c, linears[linear], {
      norm,
      forward: f.forwards[linear],
      optimizer: o.optimizer,
      step: o.step,
      dy: typeof dy === "number" ? dy : dy.d,
      dye: typeof dy === "number" ? undefined : dy.e,
      dyExponent: RESIDUAL_GRADIENT_EXPONENT,
      addend,
      isNeeded,
    });
  const intoResidual = (norm: Norm, normName: string, gradient: RowGradient, residual: TensorId) =>
    one(
      c,
      "norm.backwardResidual",
      `${normName}.dr`,
      { ...addNormGradient(c, normName, norm, gradient), residual },
      { exponent: Q16, residualExponent: RESIDUAL_GRADIENT_EXPONENT },
    );
  const throughNorm = (norm: Norm, normName: string, gradient: RowGradient): RowGradient => {
    const [d, e] = c.builder.add(
      "norm.backward",
      `${normName}.dx`,
      addNormGradient(c, normName, norm, gradient),
      { exponent: Q16 },
    );
    return { d: d!, e: e! };
  };

  const dHidden = throughNorm(f.feedNorm, `${name}.feedNorm`, backward("down", f.feedNorm, o.dr)!);
  const dhm = rowMagnitude(
    c,
    `${name}.hidden.dmagnitude`,
    { x: dHidden.d, e: dHidden.e },
    { exponent: 0 },
  );
  const side = (which: 0 | 1, label: string): RowGradient => {
    const inputs = {
      dh: dHidden.d,
      de: dHidden.e,
      dhm,
      gate: f.gate,
      up: f.up,
      gm: f.gm,
      um: f.um,
    };
    const [d, e] = c.builder.add("gate.backward", `${name}.${label}.d`, inputs, { side: which });
    return { d: d!, e: e! };
  };
  const dGate = backward("gate", f.middle, side(0, "gate"));
  const dMiddle = backward("up", f.middle, side(1, "up"), dGate)!;
  const drMiddle = intoResidual(f.middle, `${name}.middleNorm`, dMiddle, o.dr);
  const dContext = throughNorm(
    f.attentionNorm,
    `${name}.attentionNorm`,
    backward("o", f.attentionNorm, drMiddle)!,
  );
  const heads = addAttentionBackward(c, `${name}.attention`, f.attention!, dContext);
  const dq = backward("q", f.input, heads.q, undefined, !o.isFirst);
  const dk = backward("k", f.input, heads.k, dq, !o.isFirst);
  const dInput = backward("v", f.input, heads.v, dk, !o.isFirst);
  return o.isFirst ? undefined : intoResidual(f.input, `${name}.inputNorm`, dInput!, drMiddle);
}

function addAttentionBackward(
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
