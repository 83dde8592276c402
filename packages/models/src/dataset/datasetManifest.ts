/**
 * The manifest of a dataset: what the text is, whose it is, and the root of every shard. It is canonical JSON (spec/encoding.md
 * section 3), so that one dataset has one hash. It holds no text.
 */
import {
  decodeAddress,
  decodeManifest,
  encodeManifest,
  LIMITS,
  type Manifest,
  R3mesError,
} from "@r3mes/protocol";

/** What the tokens of a shard are for. Only `train` is leased in chunks. */
const SPLITS = ["train", "validation", "held-out"] as const;
export type Split = (typeof SPLITS)[number];

/** What a provider says about a text. Everything but `royaltyAddress` is needed: text of unknown terms is not trained on. */
export interface DatasetDescription {
  /** Lower-case letters, digits and dashes; the name that commands use. */
  readonly name: string;
  readonly title: string;
  /** Where the text comes from, with its version. */
  readonly source: string;
  readonly author: string;
  /** When the text was written, as its source says it: "1851", "1981-2021". */
  readonly date: string;
  /** SPDX expression where there is one, else the terms in words. */
  readonly licence: string;
  /** Who is paid for its use; absent for text that belongs to nobody. */
  readonly royaltyAddress?: string;
}

export interface Shard {
  /** A plain file name in the manifest's folder. */
  readonly file: string;
  readonly split: Split;
  readonly tokens: number;
  /** Hex of the shard's tensor root. */
  readonly root: string;
}

export interface SplitCounts {
  readonly documents: number;
  /** UTF-8 bytes of the clean text. */
  readonly bytes: number;
  readonly tokens: number;
}

export interface DatasetManifest extends DatasetDescription {
  readonly format: typeof DATASET_FORMAT;
  readonly tokenizer: { readonly sha256: string; readonly vocabulary: number };
  readonly splits: { readonly [Name in Split]?: SplitCounts };
  /** Train shards first, then validation, then held-out. */
  readonly shards: readonly Shard[];
  /** Hex of the root over all shard roots in this order. */
  readonly root: string;
}

export const DATASET_FORMAT = "remes/dataset/1";

export function encodeDatasetManifest(manifest: DatasetManifest): Uint8Array {
  return encodeManifest(manifest as unknown as Manifest);
}

/**
 * @param file the manifest's name, for messages
 * @throws DATASET_LICENCE_MISSING, DATASET_MANIFEST_INVALID naming the field
 */
export function decodeDatasetManifest(bytes: Uint8Array, file: string): DatasetManifest {
  let manifest: Manifest;
  try {
    manifest = decodeManifest(bytes);
  } catch (cause) {
    throw new R3mesError({ code: "DATASET_MANIFEST_INVALID", file }, { cause });
  }
  checkDescription(manifest, file);
  check(manifest.format === DATASET_FORMAT, "format", file);
  check(isTokenizer(manifest.tokenizer), "tokenizer", file);
  check(isHash(manifest.root), "root", file);
  const shards = manifest.shards;
  check(Array.isArray(shards) && shards.length > 0 && shards.every(isShard), "shards", file);
  check(isOrdered(shards as unknown as Shard[]), "shards", file);
  check(areCounts(manifest.splits, shards as unknown as Shard[]), "splits", file);
  return manifest as unknown as DatasetManifest;
}

/** @throws DATASET_LICENCE_MISSING, DATASET_MANIFEST_INVALID, ADDRESS_INVALID */
export function checkDescription(
  description: { readonly [Field in keyof DatasetDescription]?: unknown },
  file: string,
): void {
  const { licence, royaltyAddress } = description;
  if (typeof licence !== "string" || licence.trim() === "") {
    throw new R3mesError({ code: "DATASET_LICENCE_MISSING", file });
  }
  check(/^[a-z0-9][a-z0-9-]{0,63}$/.test(String(description.name)), "name", file);
  for (const field of ["title", "source", "author", "date"] as const) {
    const value = description[field];
    check(typeof value === "string" && value.trim() !== "", field, file);
  }
  if (royaltyAddress !== undefined) decodeAddress(String(royaltyAddress));
}

function check(valid: boolean, field: string, file: string): void {
  if (!valid) throw new R3mesError({ code: "DATASET_MANIFEST_INVALID", file, field });
}

function isHash(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

function isTokenizer(value: unknown): boolean {
  const { sha256, vocabulary } = (value ?? {}) as { sha256?: unknown; vocabulary?: unknown };
  return isHash(sha256) && isCount(vocabulary, LIMITS.vocabularyMax);
}

function isShard(value: unknown): boolean {
  const { file, split, tokens, root } = (value ?? {}) as { readonly [field: string]: unknown };
  // A plain name: no shard may reach out of its folder.
  const isPlainName = typeof file === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(file);
  const isSplit = SPLITS.some((name) => name === split);
  return isPlainName && isSplit && isCount(tokens, LIMITS.shardTokensMax) && isHash(root);
}

function isOrdered(shards: readonly Shard[]): boolean {
  const ranks = shards.map((shard) => SPLITS.indexOf(shard.split));
  const names = new Set(shards.map((shard) => shard.file));
  const ascending = ranks.every((rank, i) => i === 0 || rank >= ranks[i - 1]!);
  return ascending && names.size === shards.length;
}

function areCounts(value: unknown, shards: readonly Shard[]): boolean {
  if (typeof value !== "object" || value === null) return false;
  const splits = value as { readonly [name: string]: Partial<SplitCounts> | undefined };
  const named = Object.keys(splits).every((name) => SPLITS.some((split) => split === name));
  return (
    named &&
    SPLITS.every((split) => {
      const tokens = shards
        .filter((shard) => shard.split === split)
        .reduce((sum, shard) => sum + shard.tokens, 0);
      const counts = splits[split];
      if (counts === undefined) return tokens === 0;
      return counts.tokens === tokens && isCount(counts.documents) && isCount(counts.bytes);
    })
  );
}

function isCount(value: unknown, max = Number.MAX_SAFE_INTEGER): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= max;
}
