/**
 * Keeps a participant's store from growing without end: models, data, adapters and what its owner names stay, everything else that was
 * published or fetched for a submission goes once nobody can ask for it any more.
 */
import { listAll } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { type ContentId, type ContentStore, contentIdFromBytes } from "@r3mes/storage";
import type { Participant } from "./openParticipant.ts";

/** A collection walks everything that stays; once in some rounds is often enough. */
const blocksBetween = 200n;

export interface StoreKeeperDeps extends Pick<Participant, "query" | "log"> {
  readonly store: Pick<ContentStore, "keepOnly">;
  /** What must stay beside the network's own content: states of open work, updates, sums. */
  readonly own: () => Promise<readonly ContentId[]>;
  /** How many blocks lie between two collections; 200 unless stated. */
  readonly everyBlocks?: bigint;
}

/** To be asked at every height. Once in a while it gives a collection, which must run while nobody writes to the store. */
export type StoreKeeper = (height: bigint) => (() => Promise<void>) | undefined;

export function createStoreKeeper(deps: StoreKeeperDeps): StoreKeeper {
  const { everyBlocks = blocksBetween } = deps;
  let next: bigint | undefined;
  return (height) => {
    next ??= height + everyBlocks;
    if (height < next) return undefined;
    next = height + everyBlocks;
    return () => collect(deps);
  };
}

async function collect(deps: StoreKeeperDeps): Promise<void> {
  try {
    const wanted = [...new Set([...(await contentOfNetwork(deps)), ...(await deps.own())])];
    const gone = await deps.store.keepOnly(wanted);
    deps.log.info({ wanted: wanted.length, blocksGone: gone }, "store collected");
  } catch (error) {
    if (!(error instanceof R3mesError)) throw error;
    deps.log.warn({ error }, "store not collected");
  }
}

/** Folders of models and datasets, and all adapters. */
async function contentOfNetwork({ query }: StoreKeeperDeps): Promise<ContentId[]> {
  const [models, datasets, adapters] = await Promise.all([
    listAll(query, "models"),
    listAll(query, "datasets"),
    listAll(query, "adapters"),
  ]);
  const cids = [
    ...models.flatMap(({ manifestCid, initialAdapterCid }) => [manifestCid, initialAdapterCid]),
    ...datasets.map(({ manifestCid }) => manifestCid),
    ...adapters.map(({ cid }) => cid),
  ];
  return cids.map(contentIdFromBytes);
}
