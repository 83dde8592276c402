/** Writes a dataset so that a folder with a manifest is whole. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DATASET_MANIFEST_FILE } from "../dataset/buildDataset.ts";
import { writeWhole } from "./writeWhole.ts";

/** Writes a built dataset. The manifest comes last, so a folder that has one is whole. */
export async function writeDatasetFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = [...files.keys()].filter((name) => name !== DATASET_MANIFEST_FILE);
  for (const name of [...names, DATASET_MANIFEST_FILE]) {
    await writeWhole(join(folder, name), files.get(name)!);
  }
}
