/** Promises in a journal that cannot both be kept: two works for one lease, two verdicts of one draw, two secrets, two sums, two findings. */
import type { JournalRecord } from "@r3mes/service";

/** What a record promises about, or undefined for one that promises nothing. */
function subjectOf(record: JournalRecord): string | undefined {
  switch (record.kind) {
    case "work":
      return `work for lease ${record.lease}`;
    case "verdict":
      return `verdict on ${record.submission}, draw ${record.draw}`;
    case "secret":
      return `secret of epoch ${record.epoch}`;
    case "sum":
      return `sum of round ${record.round} of pool ${record.pool}, ${listOf(record)}`;
    case "finding":
      return `finding about ${record.submission}`;
    case "paid":
      return `payment at height ${record.height}, place ${record.index}`;
    default:
      return undefined;
  }
}

export function contradictions(records: readonly JournalRecord[]): string[] {
  const seen = new Set<string>();
  return records.flatMap((record) => {
    const subject = subjectOf(record);
    if (subject === undefined) return [];
    if (seen.has(subject)) return [subject];
    seen.add(subject);
    return [];
  });
}

/** A sum is made again where it has to leave out more, and where a first window gave none. */
function listOf({ leftOut = [], window = 0 }: JournalRecord): string {
  return `without ${JSON.stringify(leftOut)}, after ${window} windows`;
}
