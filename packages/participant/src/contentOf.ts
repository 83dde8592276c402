/** A content store as the chain speaks of content: addresses of 36 bytes, a size that is never exceeded, a wait that ends. */
import { type ContentStore, contentIdFromBytes, contentIdToBytes } from "@r3mes/storage";
import type { ContentSource } from "@r3mes/training";

/** How long peers are asked for a block of content before it counts as not to be had. */
const patienceMs = 60_000;

export function contentOf(store: Pick<ContentStore, "get" | "openFolder">): ContentSource {
  return {
    get: (cid, bytesMax) =>
      store.get(contentIdFromBytes(cid), { bytesMax, signal: AbortSignal.timeout(patienceMs) }),
    async openFolder(cid) {
      const signal = AbortSignal.timeout(patienceMs);
      const folder = await store.openFolder(contentIdFromBytes(cid), signal);
      return new Map([...folder].map(([name, id]) => [name, contentIdToBytes(id)]));
    },
  };
}
