/** What a miner promises itself in its journal before the chain hears of it. */
import type { TransactionRecord } from "@r3mes/chain-client";
import type { CaseRecord } from "@r3mes/participant";
import { foldOlder, type JournalRecord } from "@r3mes/service";

/** Work that was done for a lease, with the salt that hides it: the same commitment is sent again after any restart. */
export interface WorkRecord extends JournalRecord {
  readonly kind: "work";
  readonly lease: string;
  /** Roots in hex. */
  readonly stateRoots: readonly string[];
  readonly stepsRoot: string;
  readonly updateRoot: string;
  /** Addresses of the states of t = 0 … H and of the update. */
  readonly stateCids: readonly string[];
  readonly updateCid: string;
  readonly lossSum: string;
  /** 32 bytes in hex. */
  readonly salt: string;
}

/** Addresses of updates of which nothing else is asked for any more: whoever makes a version again fetches them, for ever. */
export interface UpdatesRecord extends JournalRecord {
  readonly kind: "updates";
  readonly cids: readonly string[];
}

export type MinerRecord = WorkRecord | UpdatesRecord | TransactionRecord | CaseRecord;

/** A bond has no more slots (`mine.slots`), and each locks one until it is settled. */
export const openWorkMax = 64;

/** A rule for what a miner's journal keeps: the newest works, and of those before the addresses of their updates. */
export const keepWork = foldOlder<WorkRecord, UpdatesRecord>({
  isOne: isWork,
  isFolded: isUpdates,
  most: openWorkMax,
  fold: (older, before) => ({
    kind: "updates",
    cids: [...(before?.cids ?? []), ...older.map(({ updateCid }) => updateCid)],
  }),
});

export function isWork(record: JournalRecord): record is WorkRecord {
  return record.kind === "work";
}

export function isUpdates(record: JournalRecord): record is UpdatesRecord {
  return record.kind === "updates";
}
