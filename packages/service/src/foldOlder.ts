/** A rule for what a journal keeps: of the records of a kind the newest, and of those before them what they come to, in one record. */
import type { Keep } from "./keepAll.ts";
import type { JournalRecord } from "./openJournal.ts";

export interface Fold<Record extends JournalRecord, Folded extends JournalRecord> {
  readonly isOne: (record: JournalRecord) => record is Record;
  readonly isFolded: (record: JournalRecord) => record is Folded;
  /** How many are kept as they are. */
  readonly most: number;
  /** What older records come to, with those that were folded before. */
  readonly fold: (older: readonly Record[], before: Folded | undefined) => Folded;
}

/** What they come to stands first. */
export function foldOlder<Record extends JournalRecord, Folded extends JournalRecord>({
  isOne,
  isFolded,
  most,
  fold,
}: Fold<Record, Folded>): Keep {
  return (records) => {
    const all = records.filter(isOne);
    const older = all.slice(0, Math.max(0, all.length - most));
    if (older.length === 0) return records;
    const gone = new Set<JournalRecord>(older);
    const rest = records.filter((record) => !isFolded(record) && !gone.has(record));
    return [fold(older, records.find(isFolded)), ...rest];
  };
}
