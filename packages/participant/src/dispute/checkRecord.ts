/** What a challenger writes down of the work that it has looked at: what it found, what that took, and how its cases ended. */
import { asHash, fromHex, type Hash, toHex } from "@r3mes/protocol";
import { foldOlder, type Journal, type JournalRecord, keepAll, keepNewest } from "@r3mes/service";
import type { ChunkWork } from "./casePlayerDeps.ts";
import type { Difference } from "./replayChunk.ts";

/** Any journal that takes these records among its own. */
export type CheckJournal = Pick<Journal<JournalRecord>, "records" | "append">;

/** What a submission turned out to be. */
export interface CheckedRecord extends JournalRecord {
  readonly kind: "checked";
  readonly submission: string;
  readonly equal: boolean;
  /** What is not, if it is not equal. */
  readonly differs?: Exclude<Difference, null>;
  /** Its pool, and what training it again took here, in milliseconds. Earlier builds did not write them down. */
  readonly pool?: string;
  readonly ms?: number;
}

/** What training a submission's chunk gave that differs: a case about it needs them, and no process is alive for as long as a case. */
export interface StateRootsRecord extends JournalRecord {
  readonly kind: "stateRoots";
  readonly submission: string;
  /** Of t = 1 … H, in hex. */
  readonly roots: readonly string[];
}

/** How many submissions were looked at of which nothing else is known any more. */
interface CheckedBeforeRecord extends JournalRecord {
  readonly kind: "checkedBefore";
  readonly count: number;
}

/** A case that was seen to its end, about a submission or about the sum of a round. */
export interface EndedRecord extends JournalRecord {
  readonly kind: "caseEnded";
  readonly case: string;
  readonly submission?: string;
  readonly pool?: string;
  readonly round?: number;
  readonly outcome: string;
}

/** Whoever trains one chunk at a time looks at no more while one of them may still be challenged. */
const openChecksMax = 4_096;
/** Each that is open locks a bond; of one more a case only costs a chunk that is trained once again. */
const openFraudsMax = 256;

/** A rule for what a journal keeps: what was found lately, of the honest as of frauds, and how the newest cases ended. */
export const keepChecks = keepAll([
  ...[true, false].map((equal) =>
    foldOlder<CheckedRecord, CheckedBeforeRecord>({
      isOne: (record): record is CheckedRecord => isChecked(record) && record.equal === equal,
      isFolded: isCheckedBefore,
      most: openChecksMax,
      fold: (older, before) => ({
        kind: "checkedBefore",
        count: older.length + (before?.count ?? 0),
      }),
    }),
  ),
  keepNewest("stateRoots", openFraudsMax),
  keepNewest("caseEnded", openChecksMax),
]);

/** What a journal knows of one submission; undefined if it was not looked at. */
export function findCheck(records: readonly JournalRecord[], submission: string) {
  const isAbout = (record: JournalRecord) => record.submission === submission;
  const checked = records.findLast((record) => isChecked(record) && isAbout(record));
  if (checked === undefined) return undefined;
  const { equal, differs = null } = checked as CheckedRecord;
  const ended = records.findLast((record) => record.kind === "caseEnded" && isAbout(record));
  const { case: number = null, outcome = null } = (ended ?? {}) as Partial<EndedRecord>;
  return { submission, equal, differs, case: number, outcome };
}

/** How many submissions a journal knows to be looked at. */
export function countChecks(records: readonly JournalRecord[]): number {
  return records.reduce(
    (sum, record) => sum + (isCheckedBefore(record) ? record.count : isChecked(record) ? 1 : 0),
    0,
  );
}

/** What training a chunk of a pool again took last, in milliseconds: all of one are as long. Undefined where that is not known. */
export function checkMsIn(records: readonly JournalRecord[], pool: bigint): number | undefined {
  return records.findLast(
    (record): record is CheckedRecord => isChecked(record) && record.pool === String(pool),
  )?.ms;
}

/** Keeps what a case will need of a submission that differs. */
export async function keepStateRoots(
  journal: CheckJournal,
  submission: bigint,
  roots: readonly Hash[],
): Promise<void> {
  const record: StateRootsRecord = {
    kind: "stateRoots",
    submission: String(submission),
    roots: roots.map(toHex),
  };
  await journal.append(record);
}

/** For whoever plays the cases of a challenger: what it has computed already. */
export function checkedWorkOf(
  { records }: Pick<CheckJournal, "records">,
  submission: bigint,
): ChunkWork | undefined {
  const found = records.findLast(
    (record): record is StateRootsRecord =>
      record.kind === "stateRoots" && record.submission === String(submission),
  );
  return found && { stateRoots: found.roots.map((root) => asHash(fromHex(root))) };
}

function isChecked(record: JournalRecord): record is CheckedRecord {
  return record.kind === "checked";
}

function isCheckedBefore(record: JournalRecord): record is CheckedBeforeRecord {
  return record.kind === "checkedBefore";
}
