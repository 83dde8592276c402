/** Reads a dataset and checks it against its own roots. It holds one shard at a time. */
import {
  datasetRoot,
  fromHex,
  type Hash,
  R3mesError,
  type Sha256,
  sha256,
  toHex,
} from "@r3mes/protocol";
import { DATASET_MANIFEST_FILE } from "./buildDataset.ts";
import { type DatasetManifest, decodeDatasetManifest, type Shard } from "./datasetManifest.ts";
import { shardRoot } from "./shardRoot.ts";

/** A dataset's folder, or any other place that has files by name. */
export interface DatasetFiles {
  /** The whole file, or undefined if there is none of this name. */
  read(file: string): Promise<Uint8Array | undefined>;
}

export interface VerifyDatasetOptions {
  /** Called after each shard with the share of tokens that were checked. */
  readonly onProgress?: (checkedTokens: number, allTokens: number) => void;
  readonly hash?: Sha256;
}

/**
 * Checks every shard against its root and every token against the vocabulary, one shard in memory at a time.
 *
 * @returns the manifest, all of which has been checked
 * @throws DATASET_MANIFEST_INVALID, DATASET_SHARD_MISSING, DATASET_SHARD_MISMATCH
 */
export async function verifyDataset(
  files: DatasetFiles,
  options: VerifyDatasetOptions = {},
): Promise<DatasetManifest> {
  const { hash = sha256, onProgress } = options;
  const manifest = await readDatasetManifest(files);
  const allTokens = manifest.shards.reduce((sum, shard) => sum + shard.tokens, 0);
  const roots: Hash[] = [];
  let checked = 0;
  for (const shard of manifest.shards) {
    const bytes = await readShard(files, shard);
    const root = shardRoot(bytes, hash);
    if (toHex(root) !== shard.root) throw mismatch(shard, { found: root });
    checkTokens(bytes, shard, manifest.tokenizer.vocabulary);
    roots.push(root);
    checked += shard.tokens;
    onProgress?.(checked, allTokens);
  }
  const root = toHex(datasetRoot(roots, hash));
  if (root !== manifest.root) {
    const file = DATASET_MANIFEST_FILE;
    throw new R3mesError({ code: "DATASET_MANIFEST_INVALID", file, field: "root", found: root });
  }
  return manifest;
}

/** @throws FILE_UNREADABLE if there is no manifest, DATASET_MANIFEST_INVALID */
export async function readDatasetManifest(files: DatasetFiles): Promise<DatasetManifest> {
  const bytes = await files.read(DATASET_MANIFEST_FILE);
  if (bytes === undefined) {
    const path = DATASET_MANIFEST_FILE;
    throw new R3mesError({ code: "FILE_UNREADABLE", path, reason: "there is no such file" });
  }
  return decodeDatasetManifest(bytes, DATASET_MANIFEST_FILE);
}

/** One shard's bytes, of the length that the manifest says; not yet compared with its root. */
export async function readShard(files: DatasetFiles, shard: Shard): Promise<Uint8Array> {
  const bytes = await files.read(shard.file);
  if (bytes === undefined) {
    throw new R3mesError({ code: "DATASET_SHARD_MISSING", file: shard.file });
  }
  if (bytes.length !== 4 * shard.tokens) {
    throw mismatch(shard, { expectedBytes: 4 * shard.tokens, foundBytes: bytes.length });
  }
  return bytes;
}

function checkTokens(bytes: Uint8Array, shard: Shard, vocabulary: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let offset = 0; offset < bytes.length; offset += 4) {
    const token = view.getUint32(offset, true);
    if (token >= vocabulary) throw mismatch(shard, { token, vocabulary, position: offset / 4 });
  }
}

function mismatch(
  shard: Shard,
  facts: { readonly [name: string]: number | Uint8Array },
): R3mesError {
  const { file, root } = shard;
  const expected = fromHex(root);
  return new R3mesError({ code: "DATASET_SHARD_MISMATCH", file, expected, ...facts });
}
