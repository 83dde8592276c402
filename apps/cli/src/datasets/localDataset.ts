/** The dataset that a command names: found or, if it is built in, built; every shard compared with its root. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import {
  BUILT_IN_DATASETS,
  DATASET_MANIFEST_FILE,
  type DatasetManifest,
  type ModelManifest,
  readDatasetManifest,
  readShard,
  type Split,
  shardRoot,
} from "@r3mes/models";
import { buildBuiltInDataset, openFolder } from "@r3mes/models/node";
import { fromHex, R3mesError, toHex } from "@r3mes/protocol";
import { nearestName } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { fillFolder } from "../fillFolder.ts";

export type LocalDataset = {
  readonly name: string;
  readonly folder: string;
  readonly manifest: DatasetManifest;
  /** Tokens of a part. */
  tokens(split: Split): number;
  /** All shards of a part by their number in it. */
  shards(split: Split): Promise<ReadonlyMap<number, Uint32Array>>;
};

/** Shortest part of a tokenizer's hash that keeps the datasets of different models apart. */
const shownHex = 8;

/** Where a built-in dataset lies, cut by the tokenizer with this hash. */
export function builtInFolder(home: string, name: string, tokenizer: string): string {
  return join(home, "datasets", `${name}-${tokenizer.slice(0, shownHex)}`);
}

export const builtInNames: readonly string[] = BUILT_IN_DATASETS.map(
  ({ description }) => description.name,
);

export function isBuiltIn(name: string): boolean {
  return builtInNames.includes(name);
}

/** @throws DATASET_UNKNOWN, DATASET_NOT_BUILT */
export function findDatasetFolder(name: string, { home, host }: CommandContext): string {
  const datasets = join(home, "datasets");
  const candidates = [join(datasets, name), resolve(host.cwd, name), ...cutByTokenizers()];
  const found = candidates.find((folder) => existsSync(join(folder, DATASET_MANIFEST_FILE)));
  if (found !== undefined) return found;
  if (isBuiltIn(name)) throw new R3mesError({ code: "DATASET_NOT_BUILT", dataset: name });
  const nearest = nearestName(name, builtInNames);
  throw new R3mesError({ code: "DATASET_UNKNOWN", dataset: name, nearest });

  /** A built-in dataset has a folder for each tokenizer that it was built for. */
  function cutByTokenizers(): readonly string[] {
    if (!isBuiltIn(name) || !existsSync(datasets)) return [];
    const folders = readdirSync(datasets).filter((folder) => folder.startsWith(`${name}-`));
    return folders.sort().map((folder) => join(datasets, folder));
  }
}

export type NamedModel = { readonly folder: string; readonly manifest: ModelManifest };

/**
 * Opens a dataset for a model. A built-in one is built first where it is not there yet.
 *
 * @throws DATASET_UNKNOWN, TOKENIZER_MISMATCH, MODEL_WITHOUT_TOKENIZER, and what building throws
 */
export async function openLocalDataset(
  name: string,
  model: NamedModel,
  context: CommandContext,
): Promise<LocalDataset> {
  const { tokenizer } = model.manifest;
  if (tokenizer === undefined) {
    throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: model.manifest.name });
  }
  const folder = isBuiltIn(name)
    ? await builtIn(name, model.folder, builtInFolder(context.home, name, tokenizer.sha256))
    : findDatasetFolder(name, context);
  const files = openFolder(folder);
  const manifest = await readDatasetManifest(files);
  if (manifest.tokenizer.sha256 !== tokenizer.sha256) {
    const facts = { expected: tokenizer.sha256, found: manifest.tokenizer.sha256 };
    throw new R3mesError({ code: "TOKENIZER_MISMATCH", dataset: manifest.name, ...facts });
  }
  const shardsOf = (split: Split) => manifest.shards.filter((shard) => shard.split === split);
  return {
    name: manifest.name,
    folder,
    manifest,
    tokens: (split) => manifest.splits[split]?.tokens ?? 0,
    async shards(split) {
      const shards = new Map<number, Uint32Array>();
      for (const [number, shard] of shardsOf(split).entries()) {
        const bytes = await readShard(files, shard);
        const found = shardRoot(bytes, nodeSha256);
        if (toHex(found) !== shard.root) {
          const facts = { file: shard.file, expected: fromHex(shard.root), found };
          throw new R3mesError({ code: "DATASET_SHARD_MISMATCH", ...facts });
        }
        shards.set(number, readU32(bytes));
      }
      return shards;
    },
  };
}

async function builtIn(name: string, model: string, folder: string): Promise<string> {
  if (!existsSync(join(folder, DATASET_MANIFEST_FILE))) {
    await fillFolder(folder, () => buildBuiltInDataset(name, { model, to: folder }));
  }
  return folder;
}

/** Little-endian u32, whatever the alignment of the bytes and the order of the machine. */
function readU32(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length >>> 2 }, (_, i) => view.getUint32(4 * i, true));
}
