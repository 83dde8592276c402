/**
 * Opens a Hugging Face BitNet checkpoint: config, shards and the table of every file, checked against each other before any weight
 * is read. A checkpoint that opens has every tensor that the architecture needs, of the right type and shape, and no other.
 */
import { R3mesError } from "@r3mes/protocol";
import type { ByteSource } from "../safetensors/byteSource.ts";
import { readSafetensorsHeader, type TensorEntry } from "../safetensors/readSafetensorsHeader.ts";
import { decodeText } from "../text/decodeText.ts";
import { expectedTensors, IGNORED_TENSORS } from "./expectedTensors.ts";
import {
  type CheckpointConfig,
  readCheckpointConfig,
  readEndOfText,
} from "./readCheckpointConfig.ts";

/** The folder of a checkpoint, or any other place that has its files by name. */
export interface CheckpointFiles {
  /** A small file as a whole, or undefined if there is none of this name. */
  read(file: string): Promise<Uint8Array | undefined>;
  /** A large file to be read in pieces, or undefined. */
  open(file: string): Promise<ByteSource | undefined>;
}

/** A tensor and the file that holds it. */
export interface StoredTensor extends TensorEntry {
  readonly source: ByteSource;
}

export interface Checkpoint {
  readonly config: CheckpointConfig;
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  /** Sentences about what the importer had to assume. */
  readonly assumptions: readonly string[];
}

const CONFIG_FILE = "config.json";
const GENERATION_FILE = "generation_config.json";
const SINGLE_FILE = "model.safetensors";
const INDEX_FILE = "model.safetensors.index.json";

/** @throws a CHECKPOINT_ error that names the file and, where there is one, the tensor */
export async function openCheckpoint(files: CheckpointFiles): Promise<Checkpoint> {
  const configBytes = await files.read(CONFIG_FILE);
  if (configBytes === undefined) throw missingFile(CONFIG_FILE);
  const generation = parseJson((await files.read(GENERATION_FILE)) ?? new Uint8Array(0));
  const config = {
    ...readCheckpointConfig(configBytes, CONFIG_FILE),
    // What an answer ends with is said by the file about answers, if there is one.
    ...readEndOfText(generation),
  };
  const tensors = await readTables(files);
  const assumptions = [...config.assumptions];
  const expected = expectedTensors(config);
  for (const [name, stored] of tensors) {
    const file = stored.source.name;
    const want = expected.get(name);
    if (want === undefined) {
      const why = IGNORED_TENSORS.find((ignored) => ignored.appliesTo(name, config));
      if (why === undefined) {
        throw new R3mesError({ code: "CHECKPOINT_TENSOR_UNEXPECTED", file, tensor: name });
      }
      assumptions.push(why.because);
      continue;
    }
    if (!want.types.includes(stored.type)) {
      const facts = { file, tensor: name, expected: [...want.types], found: stored.type };
      throw new R3mesError({ code: "CHECKPOINT_TENSOR_TYPE", ...facts });
    }
    if (!sameShape(stored.shape, want.shape)) {
      const facts = { file, tensor: name, expected: [...want.shape], found: [...stored.shape] };
      throw new R3mesError({ code: "CHECKPOINT_TENSOR_SHAPE", ...facts });
    }
  }
  for (const name of expected.keys()) {
    if (!tensors.has(name))
      throw new R3mesError({ code: "CHECKPOINT_TENSOR_MISSING", tensor: name });
  }
  return { config, tensors, assumptions };
}

async function readTables(files: CheckpointFiles): Promise<Map<string, StoredTensor>> {
  const tensors = new Map<string, StoredTensor>();
  for (const file of await shardFiles(files)) {
    const source = await files.open(file);
    if (source === undefined) throw missingFile(file);
    for (const entry of await readSafetensorsHeader(source)) {
      if (tensors.has(entry.name)) {
        const tensor = entry.name;
        throw new R3mesError({ code: "CHECKPOINT_TENSOR_UNEXPECTED", file, tensor });
      }
      tensors.set(entry.name, { ...entry, source });
    }
  }
  return tensors;
}

/** The one file of a small checkpoint, or the shards that the index of a large one names. */
async function shardFiles(files: CheckpointFiles): Promise<string[]> {
  const index = await files.read(INDEX_FILE);
  if (index === undefined) return [SINGLE_FILE];
  const map = (parseJson(index) as { readonly weight_map?: unknown } | null)?.weight_map;
  const names: unknown[] = typeof map === "object" && map !== null ? Object.values(map) : [];
  // Plain names alone: an index must not reach out of its folder.
  const areNames = names.every((name) => /^[A-Za-z0-9][\w.-]*\.safetensors$/.test(String(name)));
  if (names.length === 0 || !areNames) {
    throw new R3mesError({ code: "CHECKPOINT_HEADER_INVALID", file: INDEX_FILE });
  }
  return [...new Set(names as string[])].sort();
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decodeText(bytes) ?? "");
  } catch {
    return null;
  }
}

function missingFile(file: string): R3mesError {
  return new R3mesError({ code: "CHECKPOINT_FILE_MISSING", file });
}

/** A scale is stored as one element, with or without a dimension. */
function sameShape(found: readonly number[], want: readonly number[]): boolean {
  const isOneElement = want.length === 1 && want[0] === 1 && found.length === 0;
  return (
    isOneElement || (found.length === want.length && want.every((extent, i) => extent === found[i]))
  );
}
