/** A rule for what a journal keeps: a transaction that has come to its end is nothing that a later life asks for. */
import type { JournalRecord, Keep } from "@r3mes/service";

export const keepOpenTransactions: Keep = (records) => {
  const closed = new Set(records.filter(isClosed).map(({ timeout }) => timeout));
  return records.filter(
    (record) => !isClosed(record) && (record.kind !== "signed" || !closed.has(record.timeout)),
  );
};

function isClosed({ kind }: JournalRecord): boolean {
  return kind === "closed";
}
