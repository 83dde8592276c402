/**
 * What a Hugging Face `config.json` says about a BitNet checkpoint: its shape, and in which of the three published forms its weights
 * are stored. It assumes nothing that would change a result; what it does assume is listed for the user.
 */
import { LIMITS, R3mesError } from "@r3mes/protocol";
import { decodeText } from "../text/decodeText.ts";

/**
 * How the ternary matrices are stored. `divides` and `multiplies` are packed, and their scale divides or multiplies the
 * product; `master` is the bfloat16 weight that training kept, ternary only after rounding.
 */
export type WeightForm = "divides" | "multiplies" | "master";

export interface CheckpointConfig {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly headSize: number;
  readonly ffn: number;
  readonly vocabulary: number;
  /** Positions that the model was trained for. */
  readonly context: number;
  readonly ropeBase: number;
  readonly normEpsilon: number;
  /** Whether the embedding is the head. */
  readonly tied: boolean;
  readonly form: WeightForm;
  /** The token that ends a text, where the file names one. */
  readonly endOfText?: number;
  /** Sentences about what the file left out. */
  readonly assumptions: readonly string[];
}

type Fields = { readonly [name: string]: unknown };

const PACKED_CLASSES: ReadonlyMap<unknown, WeightForm> = new Map([
  ["bitlinear", "divides"],
  ["autobitlinear", "multiplies"],
]);

/**
 * @param bytes the file
 * @param file its name, for messages
 * @throws CHECKPOINT_CONFIG_INVALID, CHECKPOINT_ACTIVATION_UNKNOWN, CHECKPOINT_FORM_UNKNOWN
 */
export function readCheckpointConfig(bytes: Uint8Array, file: string): CheckpointConfig {
  const fields = parseFields(bytes, file);
  const assumptions: string[] = [];
  const invalid: Refusal = (field, found, expected) =>
    new R3mesError({
      code: "CHECKPOINT_CONFIG_INVALID",
      file,
      field,
      expected,
      found: JSON.stringify(found),
    });
  const count = (field: string, max: number): number => {
    const value = fields[field];
    if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > max) {
      throw invalid(field, value, `1 to ${max}`);
    }
    return value as number;
  };
  const positive = (field: string, value: unknown): number => {
    if (typeof value !== "number" || !Number.isFinite(value) || value <= 0) {
      throw invalid(field, value, "a positive number");
    }
    return value;
  };
  const wholeBase = (value: unknown): number => {
    const base = positive("rope_theta", value);
    if (!Number.isSafeInteger(base) || base < 2)
      throw invalid("rope_theta", base, "a whole number");
    return base;
  };
  const epsilon = (value: unknown): number => {
    const found = positive("rms_norm_eps", value);
    if (found > EPSILON_MAX) throw invalid("rms_norm_eps", found, `at most ${EPSILON_MAX}`);
    return found;
  };
  if (fields.model_type !== "bitnet") throw invalid("model_type", fields.model_type, '"bitnet"');
  if (fields.hidden_act !== "relu2") {
    const found = JSON.stringify(fields.hidden_act);
    throw new R3mesError({ code: "CHECKPOINT_ACTIVATION_UNKNOWN", file, found });
  }
  const hidden = count("hidden_size", EXTENT_MAX);
  const heads = count("num_attention_heads", EXTENT_MAX);
  const kvHeads = count("num_key_value_heads", EXTENT_MAX);
  const headSize =
    (fields.head_dim ?? null) === null ? hidden / heads : count("head_dim", EXTENT_MAX);
  const ffn = count("intermediate_size", EXTENT_MAX);
  requireFit({ hidden, heads, kvHeads, headSize, ffn }, invalid);
  if (typeof fields.tie_word_embeddings !== "boolean") {
    throw invalid("tie_word_embeddings", fields.tie_word_embeddings, "true or false");
  }
  if (fields.attention_bias === true) throw invalid("attention_bias", true, "false");
  return {
    hidden,
    layers: count("num_hidden_layers", LAYERS_MAX),
    heads,
    kvHeads,
    headSize,
    ffn,
    vocabulary: count("vocab_size", LIMITS.vocabularyMax),
    context: count("max_position_embeddings", Number.MAX_SAFE_INTEGER),
    ropeBase: wholeBase(ropeBase(fields, invalid)),
    normEpsilon: epsilon(fields.rms_norm_eps),
    tied: fields.tie_word_embeddings,
    form: weightForm(fields, file, assumptions),
    ...readEndOfText(fields),
    assumptions,
  };
}

type Refusal = (field: string, found: unknown, expected: string) => R3mesError;

/** Extents that fit each other, and are what tiles and kernels are cut into. */
function requireFit(
  shape: Pick<CheckpointConfig, "hidden" | "heads" | "kvHeads" | "headSize" | "ffn">,
  invalid: Refusal,
): void {
  const { hidden, heads, kvHeads, headSize, ffn } = shape;
  if (hidden % heads !== 0 || headSize !== hidden / heads || headSize % 2 !== 0) {
    throw invalid("head_dim", headSize, "hidden_size / num_attention_heads, even");
  }
  for (const [field, extent, unit] of [
    ["hidden_size", hidden, 32],
    ["intermediate_size", ffn, 32],
    ["head_dim", headSize, 16],
  ] as const) {
    if (extent % unit !== 0) throw invalid(field, extent, `a multiple of ${unit}`);
  }
  if (heads % kvHeads !== 0) {
    throw invalid("num_key_value_heads", kvHeads, "a divisor of num_attention_heads");
  }
}

/** The first `eos_token_id` of a config.json or generation_config.json. */
export function readEndOfText(fields: unknown): { readonly endOfText?: number } {
  const ids = (fields as { readonly eos_token_id?: unknown } | null)?.eos_token_id;
  const [first] = Array.isArray(ids) ? ids : [ids];
  return Number.isSafeInteger(first) ? { endOfText: first as number } : {};
}

/** Rows or columns of a matrix; four times the largest published BitNet. */
const EXTENT_MAX = 32_768;
const LAYERS_MAX = 256;
/** An epsilon is held in 31 bits, of which 40 are behind the point. */
const EPSILON_MAX = 0.001;

function parseFields(bytes: Uint8Array, file: string): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(decodeText(bytes) ?? "");
  } catch (cause) {
    throw new R3mesError({ code: "CHECKPOINT_CONFIG_INVALID", file }, { cause });
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw new R3mesError({ code: "CHECKPOINT_CONFIG_INVALID", file });
  }
  return parsed as Fields;
}

/** Newer files keep the base under `rope_parameters`, older ones beside the other fields. */
function ropeBase(fields: Fields, invalid: Refusal): unknown {
  const parameters = (fields.rope_parameters ?? fields.rope_scaling ?? {}) as Fields;
  const kind = parameters.rope_type ?? parameters.type ?? "default";
  if (kind !== "default") throw invalid("rope_type", kind, '"default"');
  return parameters.rope_theta ?? fields.rope_theta;
}

function weightForm(fields: Fields, file: string, assumptions: string[]): WeightForm {
  const config = fields.quantization_config as Fields | undefined;
  const refuse = (found: unknown) =>
    new R3mesError({ code: "CHECKPOINT_FORM_UNKNOWN", file, found: JSON.stringify(found) });
  if (typeof config !== "object" || config === null) throw refuse(config);
  if (config.use_rms_norm === true) throw refuse({ use_rms_norm: true });
  const packed = PACKED_CLASSES.get(config.linear_class);
  if (packed === undefined) throw refuse(config);
  const mode = config.quantization_mode;
  if (mode === "online" && packed === "multiplies") return "master";
  if (mode === undefined) {
    assumptions.push("quantization_mode is absent: the weights are taken as packed (offline)");
  } else if (mode !== "offline") {
    throw refuse(config);
  }
  return packed;
}
