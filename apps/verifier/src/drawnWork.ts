/** A submission and the newest audit of it, as the chain has them. */
import { R3mesError } from "@r3mes/protocol";
import type { Audit, Submission } from "@r3mes/protocol/messages";
import type { VerifierDeps } from "./verifierDeps.ts";

export interface DrawnWork {
  readonly submission: Submission;
  readonly audit: Audit;
}

export async function drawnWork(
  { query }: Pick<VerifierDeps, "query">,
  submissionId: bigint,
): Promise<DrawnWork> {
  const { submission, audits } = await query.submission({ id: submissionId });
  const audit = audits.at(-1);
  if (submission === undefined || audit === undefined) {
    throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: submissionId });
  }
  return { submission, audit };
}
