/** A store that forgets everything with its process: for tests and short runs. */
import { MemoryBlockstore } from "blockstore-core";
import { keepReachable } from "./collectBlocks.ts";
import type { ContentStore } from "./contentStore.ts";
import { createContentStore } from "./createContentStore.ts";

export function memoryStore(): ContentStore {
  const local = new MemoryBlockstore();
  return createContentStore({ local, keepOnly: keepReachable(local) });
}
