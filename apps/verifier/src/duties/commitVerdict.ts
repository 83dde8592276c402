/** Commits to a verdict on a submission, and has it computed before. The journal knows it before the chain does. */
import { chainMessage } from "@r3mes/chain-client";
import type { DutyQueue } from "@r3mes/participant";
import { decodeAddress, fromHex, verdictCommitment } from "@r3mes/protocol";
import { type Duty, MsgCommitVerdictSchema } from "@r3mes/protocol/messages";
import type { Heights } from "../createHeights.ts";
import { drawnWork } from "../drawnWork.ts";
import { findVerdict } from "../findVerdict.ts";
import { gatherInTime, judge } from "../judge.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";

/** What was found at one height is sent at the next, and is in one of the two blocks after that. */
const closingBlocks = 3n;

interface VerdictWork {
  readonly queue: Pick<DutyQueue, "beginWith">;
  readonly heights: Pick<Heights, "newest" | "reached">;
}

/** A step that is run again after its window has closed would only keep those from their turn that are still open. */
export async function commitVerdict(
  options: VerifierOptions,
  deps: VerifierDeps,
  { queue, heights }: VerdictWork,
  { id: submissionId, endHeight }: Pick<Duty, "id" | "endHeight">,
): Promise<boolean> {
  const drawn = await drawnWork(deps, submissionId);
  const { submission, audit } = drawn;
  const record = findVerdict(deps, submissionId, audit.draw);
  if (record === undefined) {
    queue.beginWith(
      { name: `verdict ${audit.draw} on ${submissionId}`, endHeight },
      () => gatherInTime(deps, drawn, heights.reached(endHeight - closingBlocks)),
      (gathered) => judge(deps, drawn, gathered),
      () => heights.newest() < endHeight,
    );
    return false;
  }
  await deps.submit([
    chainMessage(MsgCommitVerdictSchema, {
      operator: options.operator,
      submissionId,
      commitment: verdictCommitment({
        chain: options.chainId,
        pool: submission.poolId,
        round: BigInt(submission.round),
        chunk: submission.chunk,
        draw: audit.draw,
        verifier: decodeAddress(options.owner),
        verdict: record.verdict,
        ...(record.root === undefined ? {} : { root: fromHex(record.root) }),
        ...(record.digest === undefined ? {} : { digest: fromHex(record.digest) }),
        salt: fromHex(record.salt),
      }),
    }),
  ]);
  return true;
}
