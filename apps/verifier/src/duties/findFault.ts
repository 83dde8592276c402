/**
 * Answers an inquiry: it looks again at work whose miner lost a case, and says which part of it is wrong, if any is. Source:
 * spec/verification.md section 6.
 */
import { chainMessage } from "@r3mes/chain-client";
import { type DutyQueue, openInquiry, querySubmission } from "@r3mes/participant";
import { type Duty, DutyKind, MsgFindFaultSchema, WrongPart } from "@r3mes/protocol/messages";
import type { JournalRecord } from "@r3mes/service";
import type { Heights } from "../createHeights.ts";
import { replaysOf } from "../replaysOf.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { FindingRecord } from "../verifierRecord.ts";

const parts = {
  "drawn step": WrongPart.DRAWN_STEP,
  update: WrongPart.UPDATE,
  "other step": WrongPart.OTHER_STEP,
} as const;
const names = Object.keys(parts) as (keyof typeof parts)[];

interface InquiryWork {
  readonly queue: Pick<DutyQueue, "beginWith">;
  readonly heights: Pick<Heights, "newest">;
}

/** True once it has said what is wrong. Who finds everything right, or cannot look, says nothing. */
export async function findFault(
  { operator }: Pick<VerifierOptions, "operator">,
  deps: VerifierDeps,
  { queue, heights }: InquiryWork,
  { id: submissionId, endHeight }: Pick<Duty, "id" | "endHeight">,
): Promise<boolean> {
  const finding = findFinding(deps.journal.records, submissionId);
  if (finding === undefined) {
    queue.beginWith(
      { name: `inquiry into ${submissionId}`, endHeight },
      async () => {
        const submission = await querySubmission(deps.query, submissionId);
        const ports = { ...deps, ...replaysOf(deps), bring: deps.bringSoon };
        return openInquiry(ports, submission);
      },
      (look) => judge(deps, submissionId, look),
      () => heights.newest() < endHeight,
    );
    return false;
  }
  if (finding.wrong === undefined) return false;
  const part = parts[finding.wrong];
  await deps.submit([chainMessage(MsgFindFaultSchema, { operator, submissionId, part })]);
  return true;
}

/** What it found is written down before anybody hears of it. */
async function judge(
  { journal, log }: VerifierDeps,
  submissionId: bigint,
  look: () => Promise<WrongPart | null>,
): Promise<void> {
  const part = await look();
  const wrong = names.find((name) => parts[name] === part);
  const submission = String(submissionId);
  const record: FindingRecord = { kind: "finding", submission, ...(wrong && { wrong }) };
  await journal.append(record);
  log.info({ submission, wrong }, wrong ? "convicted work is wrong" : "convicted work is right");
}

/** Whether there is nothing to say, as all of the work was found right. The chain asks on until the inquiry ends. */
export function isFoundRight(records: readonly JournalRecord[], { kind, id }: Duty): boolean {
  if (kind !== DutyKind.FIND_FAULT) return false;
  const finding = findFinding(records, id);
  return finding !== undefined && finding.wrong === undefined;
}

/** What a verifier has found about a submission whose miner lost a case; undefined if it has not looked yet. */
function findFinding(
  records: readonly JournalRecord[],
  submission: bigint,
): FindingRecord | undefined {
  return records.findLast(
    (record): record is FindingRecord =>
      record.kind === "finding" && record.submission === String(submission),
  );
}
