/** A store in a folder of this machine, which asks nobody else. */
import { FsBlockstore } from "blockstore-fs";
import { keepReachable } from "./collectBlocks.ts";
import type { ContentStore } from "./contentStore.ts";
import { createContentStore } from "./createContentStore.ts";

export async function diskStore(folder: string): Promise<ContentStore> {
  const local = new FsBlockstore(folder);
  await local.open();
  return createContentStore({
    local,
    keepOnly: keepReachable(local),
    close: async () => local.close(),
  });
}
