/** What a miner promises itself in its journal before the chain hears of it. */
import type { SubmissionRecord } from "@r3mes/chain-client";
import type { CaseRecord } from "@r3mes/participant";
import type { JournalRecord } from "@r3mes/service";

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

export type MinerRecord = WorkRecord | SubmissionRecord | CaseRecord;
