/** The work that the journal holds for a lease. */
import { R3mesError } from "@r3mes/protocol";
import type { MinerDeps } from "./minerDeps.ts";
import { isWork, type WorkRecord } from "./minerRecord.ts";

/** The submission has the number of its lease. Work that is not in the journal was done elsewhere, and cannot be revealed here. */
export function workOf(deps: Pick<MinerDeps, "journal">, lease: bigint): WorkRecord {
  const work = findWork(deps, lease);
  if (work === undefined) throw new R3mesError({ code: "WORK_NOT_IN_JOURNAL", lease });
  return work;
}

export function findWork(deps: Pick<MinerDeps, "journal">, lease: bigint): WorkRecord | undefined {
  return deps.journal.records.findLast(
    (record): record is WorkRecord => isWork(record) && record.lease === String(lease),
  );
}
