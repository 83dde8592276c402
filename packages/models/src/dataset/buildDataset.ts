/**
 * Makes a dataset out of documents: tokens in shards, and the manifest that names them. The same documents, tokenizer and
 * description give the same bytes everywhere. It reads and writes no files.
 */
import {
  datasetRoot,
  encodeUtf8,
  type Hash,
  LIMITS,
  R3mesError,
  type Sha256,
  sha256,
  toHex,
} from "@r3mes/protocol";
import type { SourceDocument } from "../corpus/document.ts";
import type { CorpusParts } from "../corpus/splitDocuments.ts";
import type { Tokenizer } from "../tokenizer/loadTokenizer.ts";
import {
  checkDescription,
  DATASET_FORMAT,
  type DatasetDescription,
  type DatasetManifest,
  encodeDatasetManifest,
  type Shard,
  type Split,
  type SplitCounts,
} from "./datasetManifest.ts";
import { shardRoot } from "./shardRoot.ts";

export interface BuildDatasetOptions {
  readonly description: DatasetDescription;
  readonly parts: CorpusParts;
  readonly tokenizer: Tokenizer;
  /** SHA-256 of the tokenizer's file. */
  readonly tokenizerHash: Uint8Array;
  /** The token between documents; it comes before each of them. */
  readonly endOfText: number;
}

/** A dataset in memory: its manifest, and all its files with their names, the manifest's included. */
export interface BuiltDataset {
  readonly manifest: DatasetManifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export const DATASET_MANIFEST_FILE = "dataset.json";

/**
 * @param hash a faster SHA-256, where the host has one
 * @throws DATASET_EMPTY if nothing is left to train on, DATASET_LICENCE_MISSING, DATASET_MANIFEST_INVALID
 */
export function buildDataset(options: BuildDatasetOptions, hash: Sha256 = sha256): BuiltDataset {
  const { description, parts, tokenizer } = options;
  checkDescription(description, DATASET_MANIFEST_FILE);
  const splits: { [Name in Split]?: SplitCounts } = {};
  const shards: Shard[] = [];
  const roots: Hash[] = [];
  const files = new Map<string, Uint8Array>();
  for (const [split, documents] of documentsBySplit(parts)) {
    if (documents.length === 0) continue;
    const tokens = tokensOf(documents, options);
    const bytes = documents.reduce((sum, { text }) => sum + encodeUtf8(text).length, 0);
    splits[split] = { documents: documents.length, bytes, tokens: tokens.length };
    for (const [index, shard] of cutShards(tokens).entries()) {
      const file = `${split}-${index}.u32`;
      const root = shardRoot(shard, hash);
      files.set(file, shard);
      roots.push(root);
      shards.push({ file, split, tokens: shard.length / 4, root: toHex(root) });
    }
  }
  if (splits.train === undefined) {
    throw new R3mesError({ code: "DATASET_EMPTY", dataset: description.name });
  }
  const manifest: DatasetManifest = {
    ...description,
    format: DATASET_FORMAT,
    tokenizer: { sha256: toHex(options.tokenizerHash), vocabulary: tokenizer.vocabulary },
    splits,
    shards,
    root: toHex(datasetRoot(roots, hash)),
  };
  files.set(DATASET_MANIFEST_FILE, encodeDatasetManifest(manifest));
  return { manifest, files };
}

function documentsBySplit(parts: CorpusParts): [Split, readonly SourceDocument[]][] {
  return [
    ["train", parts.train],
    ["validation", parts.validation],
    ["held-out", parts.heldOut],
  ];
}

function tokensOf(documents: readonly SourceDocument[], options: BuildDatasetOptions): number[] {
  const tokens: number[] = [];
  for (const { text } of documents) {
    tokens.push(options.endOfText);
    for (const token of options.tokenizer.encode(text)) tokens.push(token);
  }
  return tokens;
}

/** Little-endian bytes of the tokens, at most one shard's worth in each. */
function cutShards(tokens: readonly number[]): Uint8Array[] {
  const shards: Uint8Array[] = [];
  for (let first = 0; first < tokens.length; first += LIMITS.shardTokensMax) {
    const count = Math.min(LIMITS.shardTokensMax, tokens.length - first);
    const bytes = new Uint8Array(4 * count);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < count; i += 1) view.setUint32(4 * i, tokens[first + i]!, true);
    shards.push(bytes);
  }
  return shards;
}
