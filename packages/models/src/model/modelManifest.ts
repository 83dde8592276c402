/**
 * The manifest of a model: its shape, its tokenizer, and the root of every weight. It is canonical JSON (spec/encoding.md section 3).
 * The weights themselves lie in one file, in the order of the list, without gaps; transposes are committed but not stored.
 */
import { tensorBytes } from "@r3mes/engine";
import {
  backboneRoot,
  decodeManifest,
  encodeManifest,
  fromHex,
  type Manifest,
  R3mesError,
  type Sha256,
  sha256,
  toHex,
} from "@r3mes/protocol";
import type { BitnetShape } from "../bitnet/bitnetShape.ts";
import type { ChatTemplate } from "../tokenizer/createChatPrompt.ts";
import { listWeights, type Weight } from "./listWeights.ts";

export const MODEL_FORMAT = "remes/model/1";
export const MODEL_MANIFEST_FILE = "model.json";
export const BACKBONE_FILE = "backbone.bin";
export const TOKENIZER_FILE = "tokenizer.json";

export interface WeightEntry {
  readonly name: string;
  /** Hex of the tensor's root; its number is its place in the list. */
  readonly root: string;
}

export interface ModelDescription {
  /** Lower-case letters, digits and dashes; the name that commands use. */
  readonly name: string;
  /** Where the weights come from. */
  readonly source: string;
  readonly licence: string;
}

export interface TokenizerReference {
  readonly sha256: string;
  readonly vocabulary: number;
  /** The token between documents and at the end of an answer. */
  readonly endOfText: number;
  /** How a conversation is laid out; absent for a model that only continues text. */
  readonly chatTemplate?: ChatTemplate;
}

export interface ModelManifest extends ModelDescription {
  readonly format: typeof MODEL_FORMAT;
  readonly architecture: BitnetShape & { readonly kind: "bitnet-b1.58" };
  /** Absent for a model that only ever sees tokens. */
  readonly tokenizer?: TokenizerReference;
  readonly backbone: {
    /** Bytes of the stored weights. */
    readonly bytes: number;
    /** Hex of the root over all weights, transposes included. */
    readonly root: string;
  };
  readonly weights: readonly WeightEntry[];
}

const SHAPE_FIELDS = [
  "hidden",
  "layers",
  "heads",
  "kvHeads",
  "headSize",
  "ffn",
  "vocabulary",
  "context",
] as const;

export function encodeModelManifest(manifest: ModelManifest): Uint8Array {
  return encodeManifest(manifest as unknown as Manifest);
}

/**
 * @param file the manifest's name, for messages
 * @throws MODEL_MANIFEST_INVALID naming the field or the broken rule of the shape
 */
export function decodeModelManifest(
  bytes: Uint8Array,
  file: string,
  hash: Sha256 = sha256,
): ModelManifest {
  let manifest: Manifest;
  try {
    manifest = decodeManifest(bytes);
  } catch (cause) {
    throw new R3mesError({ code: "MODEL_MANIFEST_INVALID", file }, { cause });
  }
  const check = (valid: boolean, field: string) => {
    if (!valid) throw new R3mesError({ code: "MODEL_MANIFEST_INVALID", file, field });
  };
  check(manifest.format === MODEL_FORMAT, "format");
  check(/^[a-z0-9][a-z0-9.-]{0,63}$/.test(String(manifest.name)), "name");
  for (const field of ["source", "licence"] as const) {
    check(typeof manifest[field] === "string" && manifest[field] !== "", field);
  }
  check(isArchitecture(manifest.architecture), "architecture");
  const model = manifest as unknown as ModelManifest;
  const { tokenizer, architecture } = model;
  check(tokenizer === undefined || isTokenizer(tokenizer, architecture.vocabulary), "tokenizer");
  const weights = listWeights(architecture);
  check(areWeights(model.weights, weights), "weights");
  const stored = storedWeights(weights).reduce((sum, weight) => sum + tensorBytes(weight), 0);
  check(model.backbone?.bytes === stored, "backbone.bytes");
  const roots = model.weights.map((weight) => fromHex(weight.root));
  check(toHex(backboneRoot(roots, hash)) === model.backbone.root, "backbone.root");
  return model;
}

/** The weights whose bytes are in the file: all but the transposes. */
export function storedWeights(weights: readonly Weight[]): Weight[] {
  return weights.filter((weight) => weight.transposeOfName === undefined);
}

function isArchitecture(value: unknown): boolean {
  const fields = (value ?? {}) as { readonly [field: string]: unknown };
  return (
    fields.kind === "bitnet-b1.58" &&
    Object.keys(fields).every((field) => field === "kind" || Object.hasOwn(EXTENT_MAX, field)) &&
    SHAPE_FIELDS.every((field) => isCount(fields[field], EXTENT_MAX[field])) &&
    (fields.normEpsilon === undefined || isCount(fields.normEpsilon, EXTENT_MAX.normEpsilon))
  );
}

/** What a list of weights may be computed for; the program's own bounds come after. */
const EXTENT_MAX: { readonly [Field in (typeof SHAPE_FIELDS)[number] | "normEpsilon"]: number } = {
  hidden: 32_768,
  layers: 256,
  heads: 512,
  kvHeads: 512,
  headSize: 512,
  ffn: 32_768,
  vocabulary: 262_144,
  context: 4096,
  normEpsilon: 2 ** 31 - 1,
};

function isTokenizer(value: unknown, vocabulary: number): boolean {
  const { sha256: digest, ...rest } = (value ?? {}) as Partial<TokenizerReference>;
  const isInside = Number.isSafeInteger(rest.endOfText) && rest.endOfText! >= 0;
  return (
    isHash(digest) &&
    isCount(rest.vocabulary, vocabulary) &&
    isInside &&
    rest.endOfText! < rest.vocabulary! &&
    (rest.chatTemplate === undefined || isChatTemplate(rest.chatTemplate))
  );
}

function isChatTemplate(value: unknown): boolean {
  const { source, beginOfText, endOfText } = (value ?? {}) as Partial<ChatTemplate>;
  return [source, beginOfText, endOfText].every((text) => typeof text === "string");
}

function areWeights(value: unknown, weights: readonly Weight[]): boolean {
  return (
    Array.isArray(value) &&
    value.length === weights.length &&
    weights.every((weight, i) => value[i]?.name === weight.name && isHash(value[i]?.root))
  );
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isCount(value: unknown, max: number): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}
