/** The one door of the package. */
export {
  type ContentId,
  contentIdFromBytes,
  contentIdToBytes,
  parseContentId,
} from "./contentId.ts";
export type { ContentStore } from "./contentStore.ts";
export { createSwarmKey } from "./createSwarmKey.ts";
export type { Disk } from "./diskOf.ts";
export { type IpfsStore, ipfsStore } from "./ipfsStore.ts";
export { kuboStore } from "./kuboStore.ts";
export { isRecentKubo, kuboVersionMin } from "./kuboVersion.ts";
export { memoryStore } from "./memoryStore.ts";
