/** A journal in which a cheat lies to itself: what it then signs is the lie, with everything else as the honest program does it. */
import type { Journal, JournalRecord } from "@r3mes/service";

export function alterRecords<Record extends JournalRecord, Altered extends Record>(
  journal: Journal<Record>,
  isOne: (record: Record) => record is Altered,
  alter: (record: Altered) => Promise<Altered>,
): Journal<Record> {
  return {
    get records() {
      return journal.records;
    },
    append: async (record) => journal.append(isOne(record) ? await alter(record) : record),
    close: () => journal.close(),
  };
}
