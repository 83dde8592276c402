/** The backward pass of a linear layer: int8 gradients, the update of its two factors, and the gradient of its input. */
import type { Inputs, TensorId } from "@r3mes/engine";
import { alphaShift } from "./bitnetShape.ts";
import { type BuildContext, one, type RowGradient } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";
import type { Factor, OptimizerName } from "./factor.ts";
import { addRankProduct, type LinearForward, SHARED, type TrainedLinear } from "./linear.ts";
import type { Norm } from "./norm.ts";
import { rowMagnitude } from "./statistic.ts";

export interface LinearBackwardOptions {
  readonly norm: Norm;
  readonly forward: LinearForward;
  readonly optimizer: OptimizerName;
  readonly step: TensorId;
  /** Gradient of the output: rows with exponents, or with the static exponent if e is absent. */
  readonly dy: TensorId;
  readonly dye: TensorId | undefined;
  readonly dyExponent: number;
  /** The gradient of a sister that reads the same input, to be added. */
  readonly addend: RowGradient | undefined;
  /** False for the first layer, whose input nobody trains. */
  readonly isNeeded: boolean;
}

/** Gradient of a linear: int8 dY, the factors' gradients and update, and dX. */
export function addLinearBackward(
  c: BuildContext,
  linear: TrainedLinear,
  o: LinearBackwardOptions,
): RowGradient | undefined {
  const { name } = linear;
  const dm = rowMagnitude(
    c,
    `${name}.dmagnitude`,
    { x: o.dy, e: o.dye },
    { exponent: o.dyExponent },
  );
  const dy8 = one(
    c,
    "quantise",
    `${name}.dy8`,
    { x: o.dy, m: dm, e: o.dye },
    { bits: 8, exponent: o.dyExponent },
  );
  const rankGradient = addAdapterBackward(c, linear, o, dy8, dm);
  if (!o.isNeeded) return o.addend;
  const [d, e] = c.builder.add("linear.backward", `${name}.dx`, {
    dy8,
    dm,
    w: c.weights(`${name}.wt`),
    scale: linear.scale,
    du: rankGradient?.du,
    due: rankGradient?.due,
    a: linear.a?.copy,
    am: linear.a?.magnitude,
    addend: o.addend?.d,
    addendE: o.addend?.e,
  });
  return { d: d!, e: e! };
}

function addAdapterBackward(
  c: BuildContext,
  linear: TrainedLinear,
  o: LinearBackwardOptions,
  dy8: TensorId,
  dm: TensorId,
): { du: TensorId; due: TensorId } | undefined {
  const { name, a, b } = linear;
  if (a === null || b === null || c.adapter === null) return undefined;
  const { rank } = c.adapter;
  const shift = alphaShift(c.adapter);
  const acc = addRankProduct(c, SHARED.product, `${name}.ddown`, { x: dy8, factor: b.copy });
  const [du, due] = c.builder.add(
    "rank.quantise",
    `${name}.du`,
    { acc, factor: b.magnitude, dm },
    { rank, alphaShift: shift },
    { tileColumns: 16 },
  );
  addFactorUpdate(c, `${name}.a`, a, o, {
    folded: { u: du, e: due, m: o.norm.mantissa },
    alphaShift: 0,
    wide: o.norm.x8,
    isDown: 1,
  });
  addFactorUpdate(c, `${name}.b`, b, o, {
    folded: { u: o.forward.u, e: o.forward.ue, dm },
    alphaShift: shift,
    wide: dy8,
    isDown: 0,
  });
  return { du: du!, due: due! };
}

/** The gradient of one factor over all tokens, and its optimizer, in place. */
function addFactorUpdate(
  c: BuildContext,
  name: string,
  factor: Factor,
  o: LinearBackwardOptions,
  g: {
    readonly folded: Inputs;
    readonly alphaShift: number;
    readonly wide: TensorId;
    readonly isDown: 0 | 1;
  },
): void {
  const { rows: tokens } = c.builder.tensor(g.wide);
  const rank = c.adapter!.rank;
  const params = { alphaShift: g.alphaShift };
  const chunk = Math.min(CHUNK.fold, tokens);
  const [part] = c.builder.add(
    "fold.magnitude",
    tokens > chunk ? `${name}.fold.part` : `${name}.fold`,
    g.folded,
    { ...params, chunk },
    { tileRows: 1 },
  );
  const { rows } = c.builder.tensor(part!);
  const magnitude =
    rows === 1
      ? part!
      : one(c, "reduce.max", `${name}.fold`, { x: part }, { chunkRows: rows, chunkColumns: 1 });
  const q = c.builder.add("fold.quantise", `${name}.q13`, { ...g.folded, magnitude }, params, {
    tileColumns: 16,
  })[0]!;
  const acc = c.builder.add(
    "factor.gradient",
    `${name}.gradient`,
    { q, x: g.wide },
    { chunk: Math.min(CHUNK.tokens, tokens) },
    { tileRows: Math.min(rank, 16) },
  )[0]!;
  const state = { weight: factor.weight, m: factor.m, v: factor.v };
  const into = [factor.weight, factor.m!, ...(factor.v === undefined ? [] : [factor.v])];
  const inputs: Inputs = o.optimizer === "adam" ? state : { weight: factor.weight, m: factor.m };
  const tokensShift = 31 - Math.clz32(tokens);
  c.builder.add(
    o.optimizer,
    `${name}.update`,
    { acc, magnitude, step: o.step, ...inputs },
    { isDown: g.isDown, tokensShift },
    { into },
  );
}
