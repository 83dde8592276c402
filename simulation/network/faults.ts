/** What the chain fines for, by name, and which of it a failure of a machine explains. */
import { Fault } from "@r3mes/protocol/messages";

/** What silence costs. Everything else takes a wrong deed, and no failure of a machine explains it. */
export const silence: ReadonlySet<Fault> = new Set([
  Fault.LATE_REVEAL,
  Fault.NO_REVEAL,
  Fault.NO_OPENING,
  Fault.MISSED_AUDIT,
  Fault.MISSED_BEACON,
]);

export function nameOf(fault: Fault): string {
  return Object.entries(Fault).find(([, value]) => value === fault)?.[0] ?? String(fault);
}
