/** The verdict that the journal holds on one draw of a submission. */
import type { VerifierDeps } from "./verifierDeps.ts";
import type { VerdictRecord } from "./verifierRecord.ts";

export function findVerdict(
  { journal }: Pick<VerifierDeps, "journal">,
  submissionId: bigint,
  draw: number,
): VerdictRecord | undefined {
  return journal.records.findLast(
    (record): record is VerdictRecord =>
      record.kind === "verdict" &&
      record.submission === String(submissionId) &&
      record.draw === draw,
  );
}
