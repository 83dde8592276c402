/** The tensors of a Hugging Face BitNet checkpoint under their published names. */
import { type BitnetShape, LINEARS, type LinearName, linearSize } from "../bitnet/bitnetShape.ts";
import type { ElementType } from "../safetensors/elementBytes.ts";
import type { CheckpointConfig } from "./readCheckpointConfig.ts";

export interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly types: readonly ElementType[];
}

const FLOATS: readonly ElementType[] = ["BF16", "F16", "F32"];

export const EMBEDDING = "model.embed_tokens.weight";
export const FINAL_NORM = "model.norm.weight";
export const HEAD = "lm_head.weight";

/** The norms of a layer, by the names that step programs use. */
const LAYER_NORMS = {
  inputNorm: "input_layernorm",
  attentionNorm: "self_attn.attn_sub_norm",
  middleNorm: "post_attention_layernorm",
  feedNorm: "mlp.ffn_sub_norm",
} as const;

export type LayerNorm = keyof typeof LAYER_NORMS;

export function normName(layer: number, norm: LayerNorm): string {
  return `model.layers.${layer}.${LAYER_NORMS[norm]}.weight`;
}

export function linearTensor(layer: number, linear: LinearName): string {
  const part = linear === "gate" || linear === "up" || linear === "down" ? "mlp" : "self_attn";
  return `model.layers.${layer}.${part}.${linear}_proj.weight`;
}

/** Tensors that change nothing, and why. */
export const IGNORED_TENSORS: readonly {
  readonly appliesTo: (name: string, config: CheckpointConfig) => boolean;
  readonly because: string;
}[] = [
  {
    appliesTo: (name, config) => name === HEAD && config.tied,
    because: `${HEAD} is not read: tie_word_embeddings makes the embedding the head`,
  },
];

export function shapeOf(config: CheckpointConfig): BitnetShape {
  const { hidden, layers, heads, kvHeads, headSize, ffn, vocabulary, context } = config;
  const normEpsilon = Math.round(config.normEpsilon * 2 ** 40);
  return {
    ...{ hidden, layers, heads, kvHeads, headSize, ffn, vocabulary, context },
    ...(normEpsilon === 0 ? {} : { normEpsilon }),
  };
}

export function expectedTensors(config: CheckpointConfig): ReadonlyMap<string, ExpectedTensor> {
  const { vocabulary, hidden, form } = config;
  const shape = shapeOf(config);
  const expected = new Map<string, ExpectedTensor>();
  const floats = (name: string, ...extents: number[]) =>
    expected.set(name, { shape: extents, types: FLOATS });
  floats(EMBEDDING, vocabulary, hidden);
  floats(FINAL_NORM, hidden);
  if (!config.tied) floats(HEAD, vocabulary, hidden);
  for (let layer = 0; layer < config.layers; layer += 1) {
    floats(normName(layer, "inputNorm"), hidden);
    floats(normName(layer, "middleNorm"), hidden);
    floats(normName(layer, "attentionNorm"), linearSize(shape, "o").columns);
    floats(normName(layer, "feedNorm"), config.ffn);
    for (const linear of LINEARS) {
      const { rows, columns } = linearSize(shape, linear);
      const name = linearTensor(layer, linear);
      if (form === "master") {
        floats(name, rows, columns);
      } else {
        expected.set(name, { shape: [rows / 4, columns], types: ["U8"] });
        floats(`${name}_scale`, 1);
      }
    }
  }
  return expected;
}
