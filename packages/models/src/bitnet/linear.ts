/** A linear layer with its adapter: declaration and forward pass. */
import type { TensorId } from "@r3mes/engine";
import { alphaShift, type LinearName, linearSize } from "./bitnetShape.ts";
import { type BuildContext, type FactorContext, one } from "./buildContext.ts";
import { CHUNK } from "./chunks.ts";
import {
  addFactor,
  declareCopy,
  declareFactor,
  FACTOR_BITS,
  type Factor,
  type FactorCopy,
  type FactorState,
  type OptimizerName,
} from "./factor.ts";
import type { Norm } from "./norm.ts";

/** The state of the two factors of a linear. */
export interface AdapterState {
  readonly a: FactorState;
  readonly b: FactorState;
}

/** Declares the factors of a linear, if it is a target. `optimizer` asks for the optimizer's state. */
export function declareAdapter(
  c: FactorContext,
  layer: number,
  linear: LinearName,
  optimizer: OptimizerName | null,
): AdapterState | null {
  if (!c.adapter?.targets.includes(linear)) return null;
  const name = `layers.${layer}.${linear}`;
  const { rows, columns } = linearSize(c.shape, linear);
  return {
    a: declareFactor(c, `${name}.a`, columns, optimizer),
    b: declareFactor(c, `${name}.b`, rows, optimizer),
  };
}

/** A linear layer: its weight, its scale, its adapter, of which the forward pass reads the copies. */
export interface Linear<F extends FactorCopy = FactorCopy> {
  readonly name: string;
  readonly w: TensorId;
  readonly scale: TensorId;
  readonly a: F | null;
  readonly b: F | null;
}

/** A linear whose factors a step changes. */
export type TrainedLinear = Linear<Factor>;

/** A linear of a program that decodes, with the copies of factors that it is given. */
export function declareDecodedLinear(c: BuildContext, layer: number, linear: LinearName): Linear {
  const name = `layers.${layer}.${linear}`;
  const { rows, columns } = linearSize(c.shape, linear);
  const isTarget = c.adapter?.targets.includes(linear) ?? false;
  return {
    name,
    w: c.weights(`${name}.w`),
    scale: c.weights(`${name}.scale`),
    a: isTarget ? declareCopy(c, `${name}.a`, columns) : null,
    b: isTarget ? declareCopy(c, `${name}.b`, rows) : null,
  };
}

/** A linear of the model with the working copies of its factors. */
export function addLinear(
  c: BuildContext,
  layer: number,
  linear: LinearName,
  adapter: AdapterState | null,
): TrainedLinear {
  const name = `layers.${layer}.${linear}`;
  return {
    name,
    w: c.weights(`${name}.w`),
    scale: c.weights(`${name}.scale`),
    a: adapter && addFactor(c, adapter.a),
    b: adapter && addFactor(c, adapter.b),
  };
}

/** What the forward pass of a linear leaves for its gradient. */
export interface LinearForward {
  readonly y: TensorId;
  readonly u: TensorId | undefined;
  readonly ue: TensorId | undefined;
}

/** The kinds of a linear with its adapter: one for all rows, or in decoding one for each sequence. */
export const SHARED = { product: "gemm", rank: "rank.quantise", linear: "linear" } as const;
const OWN = { product: "decode.product", rank: "decode.rank", linear: "decode.linear" } as const;

/** y = x W^T + adapter (+ residual). */
export function addLinearForward(
  c: BuildContext,
  linear: Linear,
  norm: Norm,
  residual?: TensorId,
): LinearForward {
  const { name, w, scale, a, b } = linear;
  const base = { x8: norm.x8, w, scale, m: norm.mantissa, residual };
  if (a === null || b === null || c.adapter === null) {
    return { y: one(c, "linear", `${name}.y`, base), u: undefined, ue: undefined };
  }
  const { rank } = c.adapter;
  const kinds = c.position === null ? SHARED : OWN;
  const acc = addRankProduct(c, kinds.product, `${name}.down`, { x: norm.x8, factor: a.copy });
  const [u, ue] = c.builder.add(
    kinds.rank,
    `${name}.u`,
    { acc, factor: a.magnitude, m: norm.mantissa },
    { rank, alphaShift: 0 },
    { tileColumns: 16 },
  );
  const y = one(
    c,
    kinds.linear,
    `${name}.y`,
    { ...base, u, ue, b: b.copy, bm: b.magnitude },
    { alphaShift: alphaShift(c.adapter) },
  );
  return { y, u, ue };
}

/** The product of int8 rows with a factor, in chunks of columns. */
export function addRankProduct(
  c: BuildContext,
  kind: string,
  name: string,
  { x, factor }: { readonly x: TensorId; readonly factor: TensorId },
): TensorId {
  const { rank } = c.adapter!;
  const chunk = Math.min(CHUNK.factor, c.builder.tensor(x).columns);
  const params = { chunk, bits: FACTOR_BITS, rank };
  const tileColumns = Math.min(16, rank);
  return c.builder.add(kind, name, { a: x, b: factor }, params, { tileColumns })[0]!;
}
