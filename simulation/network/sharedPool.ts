/**
 * The one pool of a simulation, opened once. Each participant fetches by itself every byte that opening takes, over its own link and
 * from its own disk; what the bytes say is the same for all, so it is worked out for all.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { isDeepStrictEqual } from "node:util";
import type { Sha256 } from "@r3mes/protocol";
import { type ContentSource, type OpenedPool, openPool, type PoolRecords } from "@r3mes/training";

export interface SharedPool {
  readonly opened: OpenedPool;
  /** The same pool for whoever has the content from `source`. Throws for the records of another. */
  open(records: PoolRecords, source: ContentSource): Promise<OpenedPool>;
}

export async function createSharedPool(
  records: PoolRecords,
  source: ContentSource,
  hash: Sha256,
): Promise<SharedPool> {
  const reader = new AsyncLocalStorage<ContentSource>();
  const reads: ((from: ContentSource) => Promise<unknown>)[] = [];
  const noting: ContentSource = {
    get(cid, bytesMax) {
      reads.push((from) => from.get(cid, bytesMax));
      return source.get(cid, bytesMax);
    },
    openFolder(cid) {
      reads.push((from) => from.openFolder(cid));
      return source.openFolder(cid);
    },
  };
  const ofReader: ContentSource = {
    get: (cid, bytesMax) => reader.getStore()!.get(cid, bytesMax),
    openFolder: (cid) => reader.getStore()!.openFolder(cid),
  };
  const opened = await reader.run(noting, () => openPool(records, ofReader, hash));
  const opening = [...reads];
  return {
    opened,
    async open(asked, own) {
      if (!isDeepStrictEqual(identityOf(asked), identityOf(records))) {
        throw new Error("the pool of the chain is not the one that was prepared");
      }
      for (const read of opening) await read(own);
      return {
        ...opened,
        shards: (...args) => reader.run(own, () => opened.shards(...args)),
        adapter: (cid) => reader.run(own, () => opened.adapter(cid)),
      };
    },
  };
}

/** What opening a pool depends on. */
function identityOf({ pool, model, dataset }: PoolRecords) {
  const { id, program, hyperparameters } = pool;
  const { manifestCid, backboneRoot, programs, targets } = model;
  return [
    [id, program, hyperparameters],
    [manifestCid, backboneRoot, programs, targets],
    [dataset.manifestCid, dataset.root],
  ];
}
