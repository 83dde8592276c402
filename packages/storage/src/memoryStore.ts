/** A store that forgets everything with its process: for tests and short runs. */
import { MemoryBlockstore } from "blockstore-core";
import type { ContentStore } from "./contentStore.ts";
import { createContentStore } from "./createContentStore.ts";

export function memoryStore(): ContentStore {
  return createContentStore({ local: new MemoryBlockstore() });
}
