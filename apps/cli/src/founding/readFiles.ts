/** Files of a folder by name, as a store takes them. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

export async function readFiles(
  folder: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const name of names) files.set(name, new Uint8Array(await readFile(join(folder, name))));
  return files;
}
