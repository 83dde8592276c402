/** Writes a file wholly or not at all, also where power is lost meanwhile: what stands under its name is never a part. */
import { open, rename } from "node:fs/promises";
import { dirname } from "node:path";

export async function writeWhole(path: string, content: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  await synced(part, "w", content);
  await rename(part, path);
  await synced(dirname(path), "r");
}

async function synced(path: string, flags: string, content?: Uint8Array): Promise<void> {
  const file = await open(path, flags);
  try {
    if (content !== undefined) await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
