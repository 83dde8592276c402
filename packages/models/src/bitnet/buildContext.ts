/** What every piece of a BitNet program is added to, and the formats that the pieces share. */
import type { Inputs, Params, ProgramBuilder, TensorId } from "@r3mes/engine";
import type { AdapterShape, BitnetShape } from "./bitnetShape.ts";
import type { Weights } from "./bitnetWeights.ts";

export interface BuildContext {
  readonly builder: ProgramBuilder;
  readonly shape: BitnetShape;
  readonly adapter: AdapterShape | null;
  readonly sequences: number;
  readonly length: number;
  readonly past: number;
  readonly weights: Weights;
  /** In a program that decodes: how many positions the cache of each sequence holds. */
  readonly position: TensorId | null;
}

/** Static exponents of the residual stream, its gradient, and the outputs of linears. */
export const Q16 = 16;
export const RESIDUAL_GRADIENT_EXPONENT = 18;

/** A row gradient: mantissas with an exponent per row. */
export interface RowGradient {
  readonly d: TensorId;
  readonly e: TensorId;
}

/** What the factors of an adapter alone are built from. */
export type FactorContext = Pick<BuildContext, "builder" | "shape" | "adapter">;

/** Adds an operation with one output. */
export function one(
  c: Pick<BuildContext, "builder">,
  kind: string,
  name: string,
  inputs: Inputs,
  params: Params = {},
): TensorId {
  return c.builder.add(kind, name, inputs, params)[0]!;
}
