/** Content of which a part is on this machine already: what R3MES ships is put into an empty store before a folder is looked for. */
import type { ContentSource } from "@r3mes/training";

/** What is put is found by its address, like anything else in the store: who asks for other content asks its peers. */
export function withShipped(content: ContentSource, put: () => Promise<unknown>): ContentSource {
  let shipped: Promise<unknown> | undefined;
  return {
    ...content,
    async openFolder(cid) {
      shipped ??= put();
      await shipped;
      return content.openFolder(cid);
    },
  };
}
