/** A store in a folder of this machine, which asks nobody else. */
import { keepReachable } from "./collectBlocks.ts";
import type { ContentStore } from "./contentStore.ts";
import { createContentStore } from "./createContentStore.ts";
import { openFileBlocks } from "./openFileBlocks.ts";

export async function diskStore(folder: string): Promise<ContentStore> {
  const local = await openFileBlocks(folder);
  return createContentStore({ local, keepOnly: keepReachable(local) });
}
