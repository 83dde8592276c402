/**
 * The pieces that a BitNet program is made of, above single operations: statistics in two levels, the norm, the linear
 * layer with its adapter. It adds operations to a builder and owns no shape of its own.
 */
import {
  createProgramBuilder,
  type Inputs,
  type Params,
  type ProgramBuilder,
  type TensorId,
} from "@r3mes/engine";
import {
  type AdapterShape,
  alphaShift,
  type BitnetShape,
  type LinearName,
  linearSize,
} from "./bitnetShape.ts";
import type { Weights } from "./bitnetWeights.ts";
import { CHUNK } from "./chunks.ts";

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
const FACTOR_BITS = 12;

export function createBuilder(): ProgramBuilder {
  return createProgramBuilder();
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

/** A statistic over columns: in chunks of `chunk` with a reduction behind, or whole if one chunk is enough. */
export function statistic(
  c: BuildContext,
  kind: string,
  name: string,
  inputs: Inputs,
  options: {
    readonly params?: Params;
    readonly columns: number;
    readonly chunk: number;
    readonly reduction: "max" | "sum" | "wideSum";
  },
): TensorId {
  const { columns, chunk, reduction } = options;
  const isWhole = columns <= chunk;
  const chunkParams =
    kind === "magnitude" || kind.startsWith("reduce.")
      ? { chunkRows: 1, chunkColumns: Math.min(chunk, columns) }
      : { chunk: Math.min(chunk, columns) };
  const params = { ...options.params, ...chunkParams };
  if (isWhole) return one(c, kind, name, inputs, params);
  const [part] = c.builder.add(kind, `${name}.part`, inputs, params, { tileColumns: 1 });
  const chunkColumns = c.builder.tensor(part!).columns;
  const wide = reduction === "wideSum" ? 1 : 0;
  return one(
    c,
    reduction === "max" ? "reduce.max" : "reduce.sum",
    name,
    { x: part },
    { chunkRows: 1, chunkColumns, wide },
  );
}

/** Magnitude of the rows of x, whose exponents are `e` or, without it, the static exponent. */
export function rowMagnitude(
  c: BuildContext,
  name: string,
  { x, e }: { readonly x: TensorId; readonly e?: TensorId | undefined },
  { exponent, relu = 0 }: { readonly exponent: number; readonly relu?: 0 | 1 },
): TensorId {
  return statistic(
    c,
    "magnitude",
    name,
    { x, e },
    {
      params: { exponent, relu },
      columns: c.builder.tensor(x).columns,
      chunk: CHUNK.columns,
      reduction: "max",
    },
  );
}

/** What a norm leaves for the linears that read it and for its own gradient. */
export interface Norm {
  readonly x: TensorId;
  readonly e: TensorId | undefined;
  readonly m: TensorId;
  readonly squares: TensorId;
  readonly gain: TensorId;
  readonly mantissa: TensorId;
  readonly x8: TensorId;
}

/** RMSNorm and absmax int8 of x (rows with exponents e, or Q16). */
export function addNorm(c: BuildContext, name: string, x: TensorId, e?: TensorId): Norm {
  const { columns } = c.builder.tensor(x);
  const gain = c.weights(`${name}.gain`);
  const params = { exponent: Q16 };
  const over = { params, columns, chunk: CHUNK.columns } as const;
  const m = rowMagnitude(c, `${name}.magnitude`, { x, e }, { exponent: Q16 });
  const plain = statistic(
    c,
    "norm.squares",
    `${name}.squares`,
    { x, m, e },
    { ...over, reduction: "wideSum" },
  );
  const epsilon = c.shape.normEpsilon;
  const squares =
    epsilon === undefined
      ? plain
      : one(c, "norm.epsilon", `${name}.sum`, { squares: plain, m }, { columns, epsilon });
  const mantissa = statistic(
    c,
    "norm.mantissa",
    `${name}.mantissa`,
    { x, m, squares, gain, e },
    { ...over, reduction: "max" },
  );
  const x8 = one(c, "norm.quantise", `${name}.x8`, { x, m, squares, gain, mantissa, e }, params);
  return { x, e, m, squares, gain, mantissa, x8 };
}

/** A row gradient: mantissas with an exponent per row. */
export interface RowGradient {
  readonly d: TensorId;
  readonly e: TensorId;
}

/** The inputs that the gradient of a norm needs, with its two row statistics. */
export function addNormGradient(
  c: BuildContext,
  name: string,
  norm: Norm,
  gradient: RowGradient,
): Inputs {
  const { x, e, m, squares, gain } = norm;
  const { columns } = c.builder.tensor(x);
  const dm = rowMagnitude(
    c,
    `${name}.dmagnitude`,
    { x: gradient.d, e: gradient.e },
    { exponent: 0 },
  );
  const inputs = { d: gradient.d, dm, de: gradient.e, x, m, squares, gain, e };
  const dot = statistic(c, "norm.dot", `${name}.dot`, inputs, {
    params: { exponent: Q16 },
    columns,
    chunk: CHUNK.columns,
    reduction: "wideSum",
  });
  return { ...inputs, dot };
}

/** The tensors of a factor that a step overwrites: the factor and its optimizer's moments. */
export interface FactorState {
  readonly weight: TensorId;
  readonly m: TensorId | undefined;
  readonly v: TensorId | undefined;
}

/** The 12-bit working copy of a factor: i16 with one magnitude. */
export interface FactorCopy {
  readonly magnitude: TensorId;
  readonly copy: TensorId;
}

/** A factor's state and its working copy. */
export interface Factor extends FactorState, FactorCopy {}

export type OptimizerName = "adam" | "lion";

/** Declares a factor [rank, columns] with its optimizer's state. */
function declareFactor(
  c: FactorContext,
  name: string,
  columns: number,
  optimizer: OptimizerName | null,
): FactorState {
  const { rank } = c.adapter!;
  const tile = { rows: Math.min(rank, 16), columns: Math.min(columns, 32) };
  const declare = (part: string, dtype: "i32" | "i64") =>
    c.builder.declare({ name: `${name}${part}`, dtype, rows: rank, columns, tile, role: "state" });
  const weight = declare("", "i32");
  const m = optimizer === null ? undefined : declare(".m", "i32");
  const v = optimizer === "adam" ? declare(".v", "i64") : undefined;
  return { weight, m, v };
}

/** The working copies of a factor of each sequence, [sequences * rank, columns], as state. */
function declareCopy(c: BuildContext, name: string, columns: number): FactorCopy {
  const { rank } = c.adapter!;
  const declare = (part: string, rows: number, width: number) =>
    c.builder.declare({
      name: `${name}.${part}`,
      dtype: "i16",
      rows,
      columns: width,
      tile: { rows: Math.min(rows, 16), columns: Math.min(width, 32) },
      role: "state",
    });
  const copy = declare("copy", c.sequences * rank, columns);
  return { copy, magnitude: declare("magnitude", c.sequences, 1) };
}

/** Adds the working copy of a factor. */
export function addFactor(c: FactorContext, state: FactorState): Factor {
  const { name, columns, tile } = c.builder.tensor(state.weight);
  const [part] = c.builder.add(
    "magnitude",
    `${name}.magnitude.part`,
    { x: state.weight },
    { chunkRows: tile.rows, chunkColumns: Math.min(columns, CHUNK.factorColumns), exponent: 24 },
    { tileRows: 1, tileColumns: 1 },
  );
  const { rows, columns: chunkColumns } = c.builder.tensor(part!);
  const magnitude = one(
    c,
    "reduce.max",
    `${name}.magnitude`,
    { x: part },
    { chunkRows: rows, chunkColumns },
  );
  const copy = c.builder.add(
    "quantise",
    `${name}.copy`,
    { x: state.weight, m: magnitude },
    { bits: FACTOR_BITS, exponent: 24 },
    { tileRows: tile.rows },
  )[0]!;
  return { ...state, magnitude, copy };
}

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
const SHARED = { product: "gemm", rank: "rank.quantise", linear: "linear" } as const;
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
function addRankProduct(
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
