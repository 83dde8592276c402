/**
 * Turns a Hugging Face BitNet checkpoint into the project's own model, streaming: the weights go to a sink in their order while
 * their roots are computed. It writes no file.
 */
import { tensorBytes } from "@r3mes/engine";
import { backboneRoot, type Hash, R3mesError, type Sha256, sha256, toHex } from "@r3mes/protocol";
import { createTensorHasher } from "../model/createTensorHasher.ts";
import { listWeights } from "../model/listWeights.ts";
import {
  MODEL_FORMAT,
  type ModelDescription,
  type ModelManifest,
  storedWeights,
  TOKENIZER_FILE,
  type TokenizerReference,
  type WeightEntry,
} from "../model/modelManifest.ts";
import { regroup } from "../model/regroup.ts";
import { loadTokenizer } from "../tokenizer/loadTokenizer.ts";
import { convertWeights } from "./convertWeights.ts";
import { shapeOf } from "./expectedTensors.ts";
import { type CheckpointFiles, openCheckpoint } from "./openCheckpoint.ts";
import { readChatTemplate } from "./readChatTemplate.ts";
import type { CheckpointConfig } from "./readCheckpointConfig.ts";

export interface ImportOptions {
  readonly files: CheckpointFiles;
  readonly description: ModelDescription;
  /** Positions that the rotary table gets; the checkpoint's context, cut to what a program can hold, if absent. */
  readonly context?: number;
  /** What the norms add to the mean square; the checkpoint's own, if absent. */
  readonly normEpsilon?: number;
  /** The token between documents, if neither the checkpoint nor the tokenizer tells. */
  readonly endOfText?: number;
}

export interface ImportDeps {
  /** Takes the backbone's bytes in order. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  readonly hash?: Sha256;
  readonly onProgress?: (writtenBytes: number, allBytes: number, weight: string) => void;
}

export interface ImportedModel {
  readonly manifest: ModelManifest;
  /** The tokenizer's file as it was found; it belongs beside the backbone. */
  readonly tokenizer?: Uint8Array;
  readonly config: CheckpointConfig;
  /** Sentences about what was assumed or left out, for the user. */
  readonly assumptions: readonly string[];
}

/** The longest table that a program's attention can use. */
const CONTEXT_MAX = 4096;

/** Names that tokenizers give to the end of a text, in the order of preference. */
const END_OF_TEXT_NAMES = ["<eot>", "<|end_of_text|>", "<|endoftext|>", "</s>", "<|eot_id|>"];

/** @throws a CHECKPOINT_, TOKENIZER_ or MODEL_ error */
export async function importCheckpoint(
  options: ImportOptions,
  deps: ImportDeps,
): Promise<ImportedModel> {
  const { files, description } = options;
  const { hash = sha256 } = deps;
  const opened = await openCheckpoint(files);
  const assumptions = [...opened.assumptions];
  const context = options.context ?? Math.min(opened.config.context, CONTEXT_MAX);
  if (context < opened.config.context) {
    assumptions.push(
      `the context is ${context} positions of the checkpoint's ${opened.config.context}`,
    );
  }
  const normEpsilon = options.normEpsilon ?? opened.config.normEpsilon;
  if (normEpsilon !== opened.config.normEpsilon) {
    assumptions.push(
      `the norms' epsilon is ${normEpsilon}, not the checkpoint's ${opened.config.normEpsilon}`,
    );
  }
  const config = { ...opened.config, context, normEpsilon };
  const held = (shapeOf(config).normEpsilon ?? 0) * 2 ** -40;
  if (Math.abs(held - normEpsilon) > normEpsilon / 1000) {
    assumptions.push(`the norms' epsilon of ${normEpsilon} is held as ${held}`);
  }
  const tokenizer = await readTokenizer(options, config, hash);
  if (tokenizer === undefined) {
    assumptions.push(
      `there is no ${TOKENIZER_FILE}: the model can be evaluated on tokens, not asked`,
    );
  }
  const { roots, bytes } = await writeWeights({ ...opened, config }, deps);
  const manifest: ModelManifest = {
    ...description,
    format: MODEL_FORMAT,
    architecture: { kind: "bitnet-b1.58", ...shapeOf(config) },
    ...(tokenizer === undefined ? {} : { tokenizer: tokenizer.reference }),
    backbone: {
      bytes,
      root: toHex(
        backboneRoot(
          roots.map(({ root }) => root),
          hash,
        ),
      ),
    },
    weights: roots.map(({ name, root }): WeightEntry => ({ name, root: toHex(root) })),
  };
  const found = tokenizer === undefined ? {} : { tokenizer: tokenizer.bytes };
  return { manifest, ...found, config, assumptions };
}

async function readTokenizer(
  options: ImportOptions,
  config: CheckpointConfig,
  hash: Sha256,
): Promise<{ bytes: Uint8Array; reference: TokenizerReference } | undefined> {
  const file = TOKENIZER_FILE;
  const bytes = await options.files.read(file);
  if (bytes === undefined) return undefined;
  const tokenizer = loadTokenizer(bytes, file);
  const { vocabulary } = tokenizer;
  if (vocabulary > config.vocabulary) {
    const facts = { file, expected: config.vocabulary, found: vocabulary };
    throw new R3mesError({ code: "TOKENIZER_MISMATCH", ...facts });
  }
  const named = END_OF_TEXT_NAMES.map(tokenizer.controlToken).find((id) => id !== undefined);
  const endOfText = options.endOfText ?? config.endOfText ?? named;
  if (endOfText === undefined || endOfText >= vocabulary) {
    throw new R3mesError({ code: "TOKENIZER_INVALID", file, field: "end of text" });
  }
  const chatTemplate = await readChatTemplate(options.files);
  const reference = {
    sha256: toHex(hash(bytes)),
    vocabulary,
    endOfText,
    ...(chatTemplate === undefined ? {} : { chatTemplate }),
  };
  return { bytes, reference };
}

async function writeWeights(
  checkpoint: Parameters<typeof convertWeights>[0],
  deps: ImportDeps,
): Promise<{ roots: { name: string; root: Hash }[]; bytes: number }> {
  const weights = listWeights(shapeOf(checkpoint.config));
  const allBytes = storedWeights(weights).reduce((sum, weight) => sum + tensorBytes(weight), 0);
  const roots: { name: string; root: Hash }[] = [];
  let written = 0;
  for await (const { weight, pieces } of convertWeights(checkpoint, weights)) {
    const hasher = createTensorHasher(weight, roots.length, deps.hash);
    let group = 0;
    for await (const bytes of regroup(pieces, hasher.groupBytes)) {
      await hasher.hashGroup(group++, bytes);
      if (weight.transposeOfName !== undefined) continue;
      await deps.write(bytes);
      written += bytes.length;
    }
    roots.push({ name: weight.name, root: hasher.finish() });
    deps.onProgress?.(written, allBytes, weight.name);
  }
  return { roots, bytes: written };
}
