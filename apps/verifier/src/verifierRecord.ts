/** What a verifier promises itself in its journal before the chain hears of it. */
import type { TransactionRecord } from "@r3mes/chain-client";
import type { CaseRecord } from "@r3mes/participant";
import type { Verdict } from "@r3mes/protocol";
import { type JournalRecord, keepAll, keepNewest } from "@r3mes/service";

/** A verdict that was computed, with the salt that hides it: the same commitment is sent again after any restart. */
export interface VerdictRecord extends JournalRecord {
  readonly kind: "verdict";
  readonly submission: string;
  readonly draw: number;
  readonly verdict: Verdict;
  /** In hex; absent when it could not be checked. */
  readonly root?: string;
  readonly digest?: string;
  /** Why, when it is not valid. */
  readonly reason?: string;
  readonly salt: string;
}

/** The secret that was committed for an epoch of the beacon. */
export interface SecretRecord extends JournalRecord {
  readonly kind: "secret";
  readonly epoch: string;
  readonly secret: string;
  /** The transaction that opens it; absent where the epoch before was not known. */
  readonly opening?: SignedOpening;
}

/** A transaction that was signed for later. */
export interface SignedOpening {
  /** In hex. */
  readonly bytes: string;
  /** Chain time after which the bytes are dead, in nanoseconds since 1970. */
  readonly timeout: string;
  /** Height of the chain when they were signed. */
  readonly signedAt: string;
  /** The blocks above `after`, up to `until`, take it. */
  readonly after: string;
  readonly until: string;
}

/** The sum of a round as this verifier computed it: it never attests another of the same work. */
export interface SumRecord extends JournalRecord {
  readonly kind: "sum";
  readonly pool: string;
  readonly round: number;
  readonly root: string;
  readonly momentumRoot: string;
  readonly cid: string;
  readonly loss: string;
  /** The submissions that it is made without, ascending; none where an earlier build wrote the record. */
  readonly leftOut?: readonly string[];
  /** How many windows for attestations had passed. */
  readonly window?: number;
}

/** A sum of others that this verifier has challenged; it does so once. */
export interface DisputedSumRecord extends JournalRecord {
  readonly kind: "sumDisputed";
  readonly pool: string;
  readonly round: number;
}

/** What was found about a submission whose miner lost a case. */
export interface FindingRecord extends JournalRecord {
  readonly kind: "finding";
  readonly submission: string;
  /** Absent when all of it is right. */
  readonly wrong?: "drawn step" | "update" | "other step";
}

export type VerifierRecord =
  | VerdictRecord
  | SecretRecord
  | SumRecord
  | DisputedSumRecord
  | FindingRecord
  | TransactionRecord
  | CaseRecord;

/** Revealed within some hundred blocks, and never computed faster than some in a block. */
const openVerdictsMax = 4_096;
/** Opened in the epoch after the one in which it was promised. */
const openSecretsMax = 64;
/** The sum of a round is open for some blocks, and each pool has one; a version that was adopted is content of the network. */
const openSumsMax = 1_024;
/** Each took the bond of a slot. */
const openFindingsMax = 1_024;

/** A rule for what a verifier's journal keeps: the newest promises of each kind, far more of them than can be open. */
export const keepNewestPromises = keepAll([
  keepNewest("verdict", openVerdictsMax),
  keepNewest("secret", openSecretsMax),
  keepNewest("sum", openSumsMax),
  keepNewest("sumDisputed", openSumsMax),
  keepNewest("finding", openFindingsMax),
]);
