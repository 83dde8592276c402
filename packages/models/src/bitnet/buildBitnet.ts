/**
 * BitNet b1.58 as a step program (spec/step-program.md section 7): ternary linears, absmax int8 activations, RMSNorm with
 * both sub-norms, rotary embedding, grouped-query attention, squared-ReLU gate, tied or untied head. The program depends on
 * shapes alone; weights are named and loaded elsewhere.
 */
import {
  createProgramBuilder,
  type Program,
  type ProgramBuilder,
  type TensorId,
} from "@r3mes/engine";
import { R3mesError } from "@r3mes/protocol";
import { type AdapterShape, alphaShift, type BitnetShape } from "./bitnetShape.ts";
import { declareWeights } from "./bitnetWeights.ts";
import { type BuildContext, one } from "./buildContext.ts";
import { addFactor, type OptimizerName } from "./factor.ts";
import { addHead, addHeadBackward, addLoss } from "./head.ts";
import {
  type Adapters,
  addLayerBackward,
  addLayerForward,
  addLinears,
  declareAdapters,
  declareDecodedLinears,
  type LayerForward,
  type Linears,
} from "./layer.ts";
import { addNorm, type Norm } from "./norm.ts";

export interface TrainingOptions {
  readonly sequences: number;
  /** Tokens of a sequence that are predicted; a record has one more. */
  readonly length: number;
  readonly adapter: AdapterShape;
  readonly optimizer: OptimizerName;
}

export interface ForwardOptions {
  readonly sequences: number;
  readonly length: number;
  /** Positions before the first token, whose keys and values are inputs. */
  readonly past?: number;
  readonly adapter?: AdapterShape | null;
  /** Whether to end in the loss of each token, for which tokens carries one more; else in the scores. */
  readonly withLoss?: boolean;
}

/** One training step: forward, loss, backward, and the update of every factor in place. */
export function buildTrainingProgram(shape: BitnetShape, options: TrainingOptions): Program {
  alphaShift(options.adapter);
  const c = createContext(shape, { ...options, past: 0, withTransposes: true });
  const adapters = declareAllAdapters(c, options.optimizer);
  const tokens = declareTokens(c, options.length + 1);
  const step = c.builder.declare({
    name: "step",
    dtype: "i32",
    rows: 1,
    columns: STEP_WORDS,
    tile: { rows: 1, columns: STEP_WORDS },
    role: "constant",
  });
  const linears = adapters.map((own, layer) => addLinears(c, layer, own));
  const forward = addForward(c, tokens, linears);
  const head = addHead(c, forward.norm);
  const loss = addLoss(c, head, tokens);
  let dr = addHeadBackward(c, { norm: forward.norm, head, loss }, tokens, step);
  for (let layer = shape.layers - 1; layer >= 0; layer--) {
    const backward = { optimizer: options.optimizer, step, dr, isFirst: layer === 0 };
    dr = addLayerBackward(c, layer, linears[layer]!, forward.layers[layer]!, backward) ?? dr;
  }
  return c.builder.build(programName("train", shape, options));
}

/** The forward pass: scores of every row, or the loss of every token. Bit-equal to the forward pass of training. */
export function buildForwardProgram(shape: BitnetShape, options: ForwardOptions): Program {
  const c = createContext(shape, { past: 0, adapter: null, ...options });
  const withLoss = options.withLoss ?? false;
  const adapters = declareAllAdapters(c, null);
  const tokens = declareTokens(c, options.length + (withLoss ? 1 : 0));
  const linears = adapters.map((own, layer) => addLinears(c, layer, own));
  const forward = addForward(c, tokens, linears);
  const head = addHead(c, forward.norm);
  if (withLoss) addLoss(c, head, tokens);
  return c.builder.build(programName("forward", shape, options));
}

/**
 * A decoder: scores of `length` new tokens of each sequence behind those that its cache holds, each sequence with an adapter
 * of its own. Caches are state, [sequence, head, position of the context]; the constant `position` (i32 [sequences, 1])
 * says how many are filled. Adapters are state too, as the copies that `buildCopyProgram` makes: `layers.0.q.a.copy`
 * i16 [sequences * rank, columns] and `layers.0.q.a.magnitude` i16 [sequences, 1]. Bit-equal to the forward pass.
 */
export function buildDecodeProgram(
  shape: BitnetShape,
  options: {
    readonly sequences?: number;
    readonly length: number;
    readonly adapter?: AdapterShape | null;
  },
): Program {
  const { sequences = 1, length, adapter = null } = options;
  const c = createContext(shape, { sequences, length, past: 0, adapter, isDecode: true });
  const linears = layersOf(shape, (layer) => declareDecodedLinears(c, layer));
  const forward = addForward(c, declareTokens(c, length), linears);
  addHead(c, forward.norm);
  return c.builder.build(programName("decode", shape, { sequences, length }));
}

/** The working copies of the factors of an adapter, which every step of training makes anew and a decoder keeps. */
export function buildCopyProgram(shape: BitnetShape, adapter: AdapterShape): Program {
  const c = { builder: createProgramBuilder(), shape, adapter };
  for (const own of layersOf(shape, (layer) => declareAdapters(c, layer, null))) {
    for (const state of Object.values(own)) {
      if (state === null) continue;
      addFactor(c, state.a);
      addFactor(c, state.b);
    }
  }
  return c.builder.build(`bitnet-copy-${shape.hidden}x${shape.layers}`);
}

const STEP_WORDS = 8;

function programName(
  mode: string,
  shape: BitnetShape,
  o: { readonly sequences: number; readonly length: number; readonly past?: number },
): string {
  return `bitnet-${mode}-${shape.hidden}x${shape.layers}-${o.sequences}x${o.length}+${o.past ?? 0}`;
}

function createContext(
  shape: BitnetShape,
  o: {
    readonly sequences: number;
    readonly length: number;
    readonly past: number;
    readonly adapter: AdapterShape | null;
    readonly isDecode?: boolean;
    readonly withTransposes?: boolean;
  },
): BuildContext {
  checkShape(shape, o.length + o.past);
  const builder = createProgramBuilder();
  const weights = declareWeights(builder, shape, { withTransposes: o.withTransposes ?? false });
  return {
    builder,
    shape,
    adapter: o.adapter,
    sequences: o.sequences,
    length: o.length,
    past: o.past,
    weights,
    position: o.isDecode ? declarePosition(builder, o.sequences) : null,
  };
}

function declarePosition(builder: ProgramBuilder, sequences: number): TensorId {
  return builder.declare({
    name: "position",
    dtype: "i32",
    rows: sequences,
    columns: 1,
    tile: { rows: 1, columns: 1 },
    role: "constant",
  });
}

function checkShape(shape: BitnetShape, positions: number): void {
  const rules: readonly (readonly [boolean, string])[] = [
    [shape.hidden % 32 === 0 && shape.ffn % 32 === 0, "hidden and ffn are multiples of 32"],
    [shape.headSize % 16 === 0, "headSize is a multiple of 16"],
    [shape.heads % shape.kvHeads === 0, "heads is a multiple of kvHeads"],
    [positions <= shape.context, "the sequence fits the context"],
  ];
  const broken = rules.find(([holds]) => !holds);
  if (broken !== undefined) {
    throw new R3mesError({ code: "MODEL_MANIFEST_INVALID", rule: broken[1] });
  }
}

function declareTokens(c: BuildContext, columns: number): TensorId {
  return c.builder.declare({
    name: "tokens",
    dtype: "i32",
    rows: c.sequences,
    columns,
    tile: { rows: 1, columns: 256 },
    role: "input",
  });
}

function declareAllAdapters(c: BuildContext, optimizer: OptimizerName | null): Adapters[] {
  return layersOf(c.shape, (layer) => declareAdapters(c, layer, optimizer));
}

function layersOf<T>(shape: BitnetShape, make: (layer: number) => T): T[] {
  return Array.from({ length: shape.layers }, (_, layer) => make(layer));
}

function addForward(
  c: BuildContext,
  tokens: TensorId,
  linears: readonly Linears[],
): { norm: Norm; layers: LayerForward[] } {
  const table = c.weights("embedding");
  let x = one(c, "embed", "embed", { tokens, table }, { length: c.length });
  const layers: LayerForward[] = [];
  for (const [layer, own] of linears.entries()) {
    const forward = addLayerForward(c, layer, own, x);
    layers.push(forward);
    x = forward.x;
  }
  return { norm: addNorm(c, "finalNorm", x), layers };
}
