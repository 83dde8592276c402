/** What the chain fines for, by name, and which of it a failure of a machine explains. */
import { CaseOutcome, Fault } from "@r3mes/protocol/messages";

/** What silence costs. Everything else takes a wrong deed, and no failure of a machine explains it. */
export const silence: ReadonlySet<Fault> = new Set([
  Fault.LATE_REVEAL,
  Fault.NO_REVEAL,
  Fault.NO_OPENING,
  Fault.MISSED_AUDIT,
  Fault.MISSED_BEACON,
]);

/** Ends of cases that took no move of whoever lost. */
export const byClock: ReadonlySet<CaseOutcome> = new Set([
  CaseOutcome.DEFENDER_SILENT,
  CaseOutcome.CHALLENGER_SILENT,
]);

export function nameOf(fault: Fault): string {
  return Object.entries(Fault).find(([, value]) => value === fault)?.[0] ?? String(fault);
}
