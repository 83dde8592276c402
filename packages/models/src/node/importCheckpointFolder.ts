/** Imports a checkpoint's folder into a model's folder, never leaving half a model under its name. */
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import {
  type ImportDeps,
  type ImportedModel,
  type ImportOptions,
  importCheckpoint,
} from "../checkpoint/importCheckpoint.ts";
import {
  BACKBONE_FILE,
  encodeModelManifest,
  MODEL_MANIFEST_FILE,
  TOKENIZER_FILE,
} from "../model/modelManifest.ts";
import { openFolder } from "./openFolder.ts";
import { writeWhole } from "./writeWhole.ts";

export interface ImportFolderOptions extends Omit<ImportOptions, "files"> {
  /** The checkpoint's folder. */
  readonly from: string;
  /** The model's folder; it is made. */
  readonly to: string;
  readonly onProgress?: ImportDeps["onProgress"];
}

/**
 * Imports a checkpoint's folder into a model's folder. The manifest is written last, so a folder that has one is whole; an import
 * that was cut off leaves only a `.part` file.
 */
export async function importCheckpointFolder(options: ImportFolderOptions): Promise<ImportedModel> {
  const { from, to, onProgress, ...rest } = options;
  await mkdir(to, { recursive: true });
  const source = openFolder(from);
  const part = join(to, `${BACKBONE_FILE}.part`);
  const backbone = await open(part, "w");
  let imported: ImportedModel;
  try {
    const write = async (bytes: Uint8Array) => {
      await backbone.appendFile(bytes);
    };
    const deps = { write, hash: nodeSha256, ...(onProgress === undefined ? {} : { onProgress }) };
    imported = await importCheckpoint({ ...rest, files: source }, deps);
    await backbone.sync();
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  } finally {
    await backbone.close();
    await source.close();
  }
  await rename(part, join(to, BACKBONE_FILE));
  if (imported.tokenizer !== undefined) {
    await writeWhole(join(to, TOKENIZER_FILE), imported.tokenizer);
  }
  await writeWhole(join(to, MODEL_MANIFEST_FILE), encodeModelManifest(imported.manifest));
  return imported;
}
