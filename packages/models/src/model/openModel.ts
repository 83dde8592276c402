/**
 * Opens a model: its manifest and tokenizer are checked at once, each weight when it is read. A weight is handed over, not kept, so
 * a model is never in memory twice. Whoever only computes with it opens its backbone: a tokenizer takes as much memory as a small model,
 * and is not even loaded for him.
 */
import { tensorBytes, type WeightSource } from "@r3mes/engine";
import { fromHex, type Hash, R3mesError, type Sha256, sha256, toHex } from "@r3mes/protocol";
import type { ByteSource } from "../safetensors/byteSource.ts";
import type { Tokenizer } from "../tokenizer/loadTokenizer.ts";
import { createTensorHasher } from "./createTensorHasher.ts";
import { listWeights, type Weight } from "./listWeights.ts";
import {
  BACKBONE_FILE,
  decodeModelManifest,
  MODEL_MANIFEST_FILE,
  type ModelManifest,
  TOKENIZER_FILE,
} from "./modelManifest.ts";

/** The folder of a model, or any other place that has its files by name. */
export interface ModelFiles {
  /** A small file as a whole, or undefined if there is none of this name. */
  read(file: string): Promise<Uint8Array | undefined>;
  /** The backbone, to be read in pieces. */
  open(file: string): Promise<ByteSource | undefined>;
}

/** A model as far as numbers go. */
export interface Backbone {
  readonly manifest: ModelManifest;
  /** Storage bytes of a stored weight, compared with its root. Throws MODEL_FILE_MISMATCH. */
  weight(...wanted: Parameters<WeightSource>): Promise<Uint8Array>;
  /** Reads and checks every stored weight. */
  verify(
    onProgress?: (checkedBytes: number, allBytes: number, weight: string) => void,
  ): Promise<void>;
}

export interface Model extends Backbone {
  /** Absent if the model was imported without one: it can be evaluated on tokens, not asked. */
  readonly tokenizer?: Tokenizer;
}

/** @throws FILE_UNREADABLE, MODEL_MANIFEST_INVALID, MODEL_FILE_MISMATCH, TOKENIZER_MISMATCH, TOKENIZER_INVALID */
export async function openModel(files: ModelFiles, hash: Sha256 = sha256): Promise<Model> {
  const manifest = await readManifest(files, hash);
  // Both at once, since they may come from afar; and to their end, since what is open has to be closed.
  const [read, opened] = await Promise.allSettled([
    openTokenizer(files, manifest, hash),
    files.open(BACKBONE_FILE),
  ]);
  if (read.status === "rejected") throw read.reason;
  if (opened.status === "rejected") throw opened.reason;
  const tokenizer = read.value;
  const backbone = backboneOf(manifest, opened.value, hash);
  return { ...backbone, ...(tokenizer === undefined ? {} : { tokenizer }) };
}

/** @throws FILE_UNREADABLE, MODEL_MANIFEST_INVALID, MODEL_FILE_MISMATCH */
export async function openBackbone(files: ModelFiles, hash: Sha256 = sha256): Promise<Backbone> {
  const manifest = await readManifest(files, hash);
  return backboneOf(manifest, await files.open(BACKBONE_FILE), hash);
}

async function readManifest(files: ModelFiles, hash: Sha256): Promise<ModelManifest> {
  const bytes = await readFile(files, MODEL_MANIFEST_FILE);
  return decodeModelManifest(bytes, MODEL_MANIFEST_FILE, hash);
}

function backboneOf(
  manifest: ModelManifest,
  source: ByteSource | undefined,
  hash: Sha256,
): Backbone {
  if (source === undefined) throw unreadable(BACKBONE_FILE);
  const { bytes: expected } = manifest.backbone;
  if (source.length !== expected) {
    const facts = { file: BACKBONE_FILE, expectedBytes: expected, foundBytes: source.length };
    throw new R3mesError({ code: "MODEL_FILE_MISMATCH", ...facts });
  }
  const places = placesOf(manifest);

  const weight: Backbone["weight"] = async (name, target) => {
    const place = places.get(name);
    if (place === undefined) throw new RangeError(`the model stores no weight ${name}`);
    const bytes = target ?? new Uint8Array(tensorBytes(place.weight));
    const found = await readAndHash(source, place, bytes, hash);
    if (toHex(found) !== place.root) {
      const facts = { file: BACKBONE_FILE, tensor: name, expected: fromHex(place.root), found };
      throw new R3mesError({ code: "MODEL_FILE_MISMATCH", ...facts });
    }
    return bytes;
  };

  const verify: Backbone["verify"] = async (onProgress) => {
    let checked = 0;
    for (const name of places.keys()) {
      checked += (await weight(name)).length;
      onProgress?.(checked, expected, name);
    }
  };

  return { manifest, weight, verify };
}

interface Place {
  readonly weight: Weight;
  readonly id: number;
  readonly root: string;
  readonly offset: number;
}

/** Groups of a weight that are under way: as many as the pool of Node has threads. */
const groupsAtOnce = 4;

/** Fills the target with a stored weight and returns its root: while a host hashes a group, the next ones come. */
async function readAndHash(
  source: ByteSource,
  { weight, id, offset }: Place,
  target: Uint8Array,
  hash: Sha256,
): Promise<Hash> {
  const hasher = createTensorHasher(weight, id, hash);
  let next = 0;
  const readGroups = async () => {
    while (next < hasher.groups) {
      const group = next++;
      const at = group * hasher.groupBytes;
      const bytes = target.subarray(at, at + hasher.groupBytes);
      await source.readInto(offset + at, bytes);
      await hasher.hashGroup(group, bytes);
    }
  };
  await Promise.all(Array.from({ length: groupsAtOnce }, readGroups));
  return hasher.finish();
}

/** Where each stored weight lies in the backbone's file. */
function placesOf(manifest: ModelManifest): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let offset = 0;
  for (const [id, weight] of listWeights(manifest.architecture).entries()) {
    if (weight.transposeOfName !== undefined) continue;
    places.set(weight.name, { weight, id, root: manifest.weights[id]!.root, offset });
    offset += tensorBytes(weight);
  }
  return places;
}

async function openTokenizer(
  files: ModelFiles,
  manifest: ModelManifest,
  hash: Sha256,
): Promise<Tokenizer | undefined> {
  if (manifest.tokenizer === undefined) return undefined;
  const bytes = await readFile(files, TOKENIZER_FILE);
  const expected = manifest.tokenizer.sha256;
  const found = hash(bytes);
  if (toHex(found) !== expected) {
    const facts = { file: TOKENIZER_FILE, expected: fromHex(expected), found };
    throw new R3mesError({ code: "TOKENIZER_MISMATCH", ...facts });
  }
  const { loadTokenizer } = await import("../tokenizer/loadTokenizer.ts");
  return loadTokenizer(bytes, TOKENIZER_FILE);
}

async function readFile(files: ModelFiles, file: string): Promise<Uint8Array> {
  const bytes = await files.read(file);
  if (bytes === undefined) throw unreadable(file);
  return bytes;
}

function unreadable(path: string): R3mesError {
  return new R3mesError({ code: "FILE_UNREADABLE", path, reason: "there is no such file" });
}
