/**
 * Blocks asked of peers, in such a way that whoever gives up waiting harms nobody: all who ask for a block share one want, and it is
 * put again and again for as long as anybody waits. Bitswap's client does not tell a peer that a want was given up, and the peer takes
 * the next want of that block for one that it has answered: a want cut short could make its block unobtainable.
 */
import type { Blockstore } from "interface-blockstore";
import type { CID } from "multiformats/cid";

export interface SharedWantsOptions {
  /** After so long a want is put again; whoever waits does not notice. */
  readonly askAgainMs: number;
  /** Ends every want. */
  readonly closing: AbortSignal;
}

interface Want {
  readonly block: Promise<Uint8Array>;
  waiting: number;
}

/** Time for Bitswap to forget a want that was given up; one that is put sooner joins the forgotten one. */
const forgetMs = 100;

export function sharedWants(
  source: Pick<Blockstore, "get" | "put">,
  { askAgainMs, closing }: SharedWantsOptions,
): Pick<Blockstore, "get" | "put"> {
  const wants = new Map<string, Want>();

  function join(cid: CID): Want {
    const name = cid.toString();
    const known = wants.get(name);
    if (known !== undefined) return known;
    const want: Want = { block: ask(cid, () => want.waiting > 0), waiting: 0 };
    wants.set(name, want);
    const forget = () => wants.delete(name);
    want.block.then(forget, forget);
    return want;
  }

  async function ask(cid: CID, isWanted: () => boolean): Promise<Uint8Array> {
    for (;;) {
      const signal = AbortSignal.any([closing, AbortSignal.timeout(askAgainMs)]);
      try {
        return await collect(source.get(cid, { signal }));
      } catch (error) {
        if (!signal.aborted || closing.aborted || !isWanted()) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, forgetMs));
    }
  }

  return {
    async *get(cid, options) {
      const want = join(cid);
      want.waiting += 1;
      try {
        yield await unlessAborted(want.block, options?.signal ?? undefined);
      } finally {
        want.waiting -= 1;
      }
    },
    put: (cid, block, options) => source.put(cid, block, options),
  };
}

async function collect(parts: ReturnType<Blockstore["get"]>): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  for await (const part of parts) blocks.push(part);
  return blocks.length === 1 ? blocks[0]! : new Uint8Array(Buffer.concat(blocks));
}

function unlessAborted<Value>(value: Promise<Value>, signal?: AbortSignal): Promise<Value> {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
