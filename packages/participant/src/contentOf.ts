/** A content store as the chain speaks of content: addresses of 36 bytes, a size that is never exceeded, a wait that ends. */
import { type ContentStore, contentIdFromBytes, contentIdToBytes } from "@r3mes/storage";
import type { ContentSource } from "@r3mes/training";

/** How long all of a content may take before it counts as not to be had. The blocks that came stay, and whoever asks again goes on from them. */
export const patienceMs = 60_000;

/**
 * How long a party to a case waits for what it can compute again: its clock runs meanwhile, and who loses by the content may be who keeps it
 * back. A miner has what it published in its own store; what was lost there others have only if they audited it.
 */
export const caseWaitMs = 15_000;

export interface Content extends ContentSource {
  /** Has it in the store from now on, and nothing of it in memory; what is returned reads it. */
  bring(cid: Uint8Array, bytesMax: number): Promise<() => Promise<Uint8Array>>;
}

export interface ContentOptions {
  /** Says that the process ends: its store is closed then, and that nobody offers something would be said of everybody. */
  readonly ending?: AbortSignal;
  /** How long a content is waited for; `patienceMs` unless stated. */
  readonly waitMs?: number;
}

export function contentOf(
  store: Pick<ContentStore, "get" | "bring" | "openFolder">,
  { ending, waitMs = patienceMs }: ContentOptions = {},
): Content {
  const within = (bytesMax: number) => ({ bytesMax, signal: AbortSignal.timeout(waitMs) });
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    try {
      return await ask();
    } catch (error) {
      ending?.throwIfAborted();
      throw error;
    }
  };
  return {
    get: (cid, bytesMax) => asked(async () => store.get(contentIdFromBytes(cid), within(bytesMax))),
    bring: (cid, bytesMax) =>
      asked(async () => {
        const id = contentIdFromBytes(cid);
        await store.bring(id, within(bytesMax));
        return () => asked(() => store.get(id, within(bytesMax)));
      }),
    openFolder: (cid) =>
      asked(async () => {
        const signal = AbortSignal.timeout(waitMs);
        const folder = await store.openFolder(contentIdFromBytes(cid), signal);
        return new Map([...folder].map(([name, id]) => [name, contentIdToBytes(id)]));
      }),
  };
}
