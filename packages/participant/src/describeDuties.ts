/** What is due, in words, for whoever watches a participant. */
import { type Duty, DutyKind } from "@r3mes/protocol/messages";

export interface DescribedDuty {
  readonly what: string;
  /** Submission, epoch or case. */
  readonly id: bigint;
  readonly blocksLeft: number;
}

const names: Partial<Record<DutyKind, string>> = {
  [DutyKind.COMMIT]: "commit",
  [DutyKind.REVEAL]: "reveal",
  [DutyKind.OPEN_STEP]: "open step",
  [DutyKind.COMMIT_VERDICT]: "commit verdict",
  [DutyKind.REVEAL_VERDICT]: "reveal verdict",
  [DutyKind.REVEAL_BEACON]: "reveal beacon",
  [DutyKind.POST_TRACE]: "post trace",
  [DutyKind.PINPOINT]: "pinpoint",
  [DutyKind.EXECUTE_TILE]: "execute tile",
  [DutyKind.FIND_FAULT]: "find fault",
};

export function describeDuties(duties: readonly Duty[], height: bigint): DescribedDuty[] {
  return duties.map(({ kind, id, endHeight }) => ({
    what: names[kind] ?? "unknown",
    id,
    blocksLeft: Number(endHeight - height),
  }));
}
