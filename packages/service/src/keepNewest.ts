/** A rule for what a journal keeps: of the records of a kind those about the newest subjects, where each is its own unless stated. */
import type { Keep } from "./keepAll.ts";
import type { JournalRecord } from "./openJournal.ts";

export function keepNewest(
  kind: string,
  most: number,
  subjectOf: (record: JournalRecord) => unknown = (record) => record,
): Keep {
  return (records) => {
    const newest = new Set<unknown>();
    for (let at = records.length - 1; at >= 0 && newest.size < most; at -= 1) {
      const record = records[at]!;
      if (record.kind === kind) newest.add(subjectOf(record));
    }
    return records.filter((record) => record.kind !== kind || newest.has(subjectOf(record)));
  };
}
