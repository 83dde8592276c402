/** What of a journal still matters, by rules about one kind of record each. A rule leaves the order, and all that it does not know. */
import type { JournalRecord } from "./openJournal.ts";

export type Keep = (records: readonly JournalRecord[]) => readonly JournalRecord[];

/** One rule after the other. */
export function keepAll(rules: readonly Keep[]): Keep {
  return (records) => rules.reduce((kept, rule) => rule(kept), records);
}
