/** The one door of the package. */
export {
  type ContentId,
  contentIdFromBytes,
  contentIdToBytes,
  parseContentId,
} from "./contentId.ts";
export type { ContentStore, GetOptions } from "./contentStore.ts";
export { createSwarmKey } from "./createSwarmKey.ts";
export { type Disk, diskOf } from "./diskOf.ts";
export { diskStore } from "./diskStore.ts";
export { type IpfsStore, type IpfsStoreOptions, ipfsStore } from "./ipfsStore.ts";
export { type KuboStoreOptions, kuboStore } from "./kuboStore.ts";
export { isRecentKubo, kuboVersionMin } from "./kuboVersion.ts";
export { type MemoryPeer, memoryPeer } from "./memoryPeer.ts";
export { memoryStore } from "./memoryStore.ts";
