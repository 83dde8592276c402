/** Opens a verdict with what the journal promised. */
import { chainMessage } from "@r3mes/chain-client";
import { fromHex, R3mesError, VERDICTS } from "@r3mes/protocol";
import { MsgRevealVerdictSchema } from "@r3mes/protocol/messages";
import { drawnWork } from "../drawnWork.ts";
import { findVerdict } from "../findVerdict.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";

export async function revealVerdict(
  options: VerifierOptions,
  deps: VerifierDeps,
  submissionId: bigint,
): Promise<boolean> {
  const { audit } = await drawnWork(deps, submissionId);
  const record = findVerdict(deps, submissionId, audit.draw);
  if (record === undefined) {
    throw new R3mesError({ code: "VERDICT_NOT_IN_JOURNAL", submission: submissionId });
  }
  await deps.submit([
    chainMessage(MsgRevealVerdictSchema, {
      operator: options.operator,
      submissionId,
      verdict: VERDICTS[record.verdict],
      root: fromHex(record.root ?? ""),
      digest: fromHex(record.digest ?? ""),
      salt: fromHex(record.salt),
    }),
  ]);
  return true;
}
