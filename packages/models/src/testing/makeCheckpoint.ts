/** Small random BitNet checkpoints in each published form, and the ternary matrices that they stand for. */
import { LINEARS, linearSize } from "../bitnet/bitnetShape.ts";
import type { CheckpointFiles } from "../checkpoint/openCheckpoint.ts";
import { bfloat16, type GivenTensor, safetensorsFile, sourceOf } from "./safetensorsFile.ts";

export const SHAPE = {
  hidden: 32,
  layers: 2,
  heads: 2,
  kvHeads: 1,
  headSize: 16,
  ffn: 64,
  vocabulary: 288,
  context: 16,
};

export const CONFIG = {
  model_type: "bitnet",
  hidden_act: "relu2",
  hidden_size: 32,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  intermediate_size: 64,
  vocab_size: 288,
  max_position_embeddings: 16,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  tie_word_embeddings: true,
};

export type Form = "divides" | "multiplies" | "master";

export const QUANTIZATION: { readonly [Name in Form]: object } = {
  divides: { linear_class: "bitlinear", quantization_mode: "offline" },
  multiplies: { linear_class: "autobitlinear", quantization_mode: "offline" },
  master: { linear_class: "autobitlinear", quantization_mode: "online" },
};

/** A generator for tests alone: the same values in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

export interface MadeCheckpoint {
  readonly tensors: { [name: string]: GivenTensor };
  /** -1, 0, 1 by the linear's tensor name, row by row. */
  readonly ternary: ReadonlyMap<string, Int8Array>;
}

/** The scale of every matrix; exact in bfloat16, and so is its inverse. */
export const SCALE = 0.25;

export function makeCheckpoint(form: Form, seed = 1): MadeCheckpoint {
  const random = createRandom(seed);
  const floats = (...shape: number[]): GivenTensor => {
    const values = Array.from({ length: shape.reduce((a, b) => a * b) }, () => random() * 2 - 1);
    return { dtype: "BF16", shape, data: bfloat16(values) };
  };
  const tensors: { [name: string]: GivenTensor } = {
    "model.embed_tokens.weight": floats(SHAPE.vocabulary, SHAPE.hidden),
    "model.norm.weight": floats(SHAPE.hidden),
  };
  const ternary = new Map<string, Int8Array>();
  for (let layer = 0; layer < SHAPE.layers; layer += 1) {
    const prefix = `model.layers.${layer}`;
    tensors[`${prefix}.input_layernorm.weight`] = floats(SHAPE.hidden);
    tensors[`${prefix}.post_attention_layernorm.weight`] = floats(SHAPE.hidden);
    tensors[`${prefix}.self_attn.attn_sub_norm.weight`] = floats(SHAPE.hidden);
    tensors[`${prefix}.mlp.ffn_sub_norm.weight`] = floats(SHAPE.ffn);
    for (const linear of LINEARS) {
      const { rows, columns } = linearSize(SHAPE, linear);
      const part = ["gate", "up", "down"].includes(linear) ? "mlp" : "self_attn";
      const name = `${prefix}.${part}.${linear}_proj.weight`;
      const values = Int8Array.from({ length: rows * columns }, () => Math.floor(random() * 3) - 1);
      ternary.set(name, values);
      Object.assign(tensors, matrix(name, values, { rows, columns }, form));
    }
  }
  return { tensors, ternary };
}

function matrix(
  name: string,
  values: Int8Array,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  form: Form,
): { [name: string]: GivenTensor } {
  if (form === "master") {
    const floats = bfloat16(Array.from(values, (value) => value * SCALE));
    return { [name]: { dtype: "BF16", shape: [rows, columns], data: floats } };
  }
  const stored = rows / 4;
  const data = new Uint8Array(stored * columns);
  for (const [i, value] of values.entries()) {
    const row = Math.floor(i / columns);
    const at = (row % stored) * columns + (i % columns);
    data[at]! |= (value + 1) << (2 * Math.floor(row / stored));
  }
  const scale = bfloat16([form === "divides" ? 1 / SCALE : SCALE]);
  return {
    [name]: { dtype: "U8", shape: [stored, columns], data },
    [`${name}_scale`]: { dtype: "BF16", shape: [1], data: scale },
  };
}

/** The folder of a checkpoint in memory. Files given by name replace or add; undefined removes. */
export function checkpointFiles(
  tensors: { readonly [name: string]: GivenTensor },
  form: Form,
  given: { readonly [file: string]: Uint8Array | undefined } = {},
  config: object = {},
): CheckpointFiles {
  const json = (value: object) => new Uint8Array(Buffer.from(JSON.stringify(value)));
  const files: { [file: string]: Uint8Array | undefined } = {
    "config.json": json({ ...CONFIG, quantization_config: QUANTIZATION[form], ...config }),
    "model.safetensors": safetensorsFile(tensors),
    ...given,
  };
  return {
    read: async (file) => files[file],
    open: async (file) => {
      const bytes = files[file];
      return bytes === undefined ? undefined : sourceOf(bytes, file);
    },
  };
}
