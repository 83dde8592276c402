import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DATASET_MANIFEST_FILE } from "../dataset/buildDataset.ts";
import type { DatasetFiles } from "../dataset/verifyDataset.ts";

/** A dataset's folder as the reader of its files. */
export function readDatasetFolder(folder: string): DatasetFiles {
  return {
    read: async (file) => {
      try {
        return new Uint8Array(await readFile(join(folder, file)));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw cause;
      }
    },
  };
}

/** Writes a built dataset. The manifest comes last, so a folder that has one is complete. */
export async function writeDatasetFolder(
  folder: string,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = [...files.keys()].filter((name) => name !== DATASET_MANIFEST_FILE);
  for (const name of [...names, DATASET_MANIFEST_FILE]) {
    const path = join(folder, name);
    await writeFile(`${path}.part`, files.get(name)!);
    await rename(`${path}.part`, path);
  }
}
