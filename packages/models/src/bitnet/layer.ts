/** One BitNet layer: forward, and backward in the opposite order. */
import type { TensorId } from "@r3mes/engine";
import { type AttentionForward, addAttention } from "./attention.ts";
import { addAttentionBackward } from "./attentionBackward.ts";
import type { LinearName } from "./bitnetShape.ts";
import {
  type BuildContext,
  type FactorContext,
  one,
  Q16,
  RESIDUAL_GRADIENT_EXPONENT,
  type RowGradient,
} from "./buildContext.ts";
import { addDecodeAttention } from "./decodeAttention.ts";
import type { OptimizerName } from "./factor.ts";
import {
  type AdapterState,
  addLinear,
  addLinearForward,
  declareAdapter,
  declareDecodedLinear,
  type Linear,
  type LinearForward,
  type TrainedLinear,
} from "./linear.ts";
import { addLinearBackward } from "./linearBackward.ts";
import { addNorm, addNormGradient, type Norm } from "./norm.ts";
import { rowMagnitude } from "./statistic.ts";

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
