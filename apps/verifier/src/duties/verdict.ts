/** Runs the drawn step of a submission, commits to what was found, and later opens it. Source: spec/verification.md section 1. */
import { chainMessage } from "@r3mes/chain-client";
import { openChunk, replayChunk } from "@r3mes/participant";
import {
  decodeAddress,
  type ErrorCode,
  equalBytes,
  fromHex,
  LIMITS,
  R3mesError,
  toHex,
  VERDICTS,
  verdictCommitment,
} from "@r3mes/protocol";
import {
  type Audit,
  MsgCommitVerdictSchema,
  MsgRevealVerdictSchema,
  type Submission,
} from "@r3mes/protocol/messages";
import {
  type AuditResult,
  auditSubmission,
  decodeState,
  firstState,
  placeOf,
  rootOfState,
  stateBytes,
  verdictOf,
} from "@r3mes/training";

import type { DutyQueue } from "../dutyQueue.ts";
import { replaysOf } from "../replaysOf.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { VerdictRecord } from "../verifierRecord.ts";

export async function commitVerdict(
  options: VerifierOptions,
  deps: VerifierDeps,
  queue: Pick<DutyQueue, "begin">,
  submissionId: bigint,
): Promise<boolean> {
  const { submission, audit } = await drawnWork(deps, submissionId);
  const record = findVerdict(deps, submissionId, audit.draw);
  if (record === undefined) {
    queue.begin(`verdict ${audit.draw} on ${submissionId}`, () => judge(deps, submission, audit));
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

async function drawnWork(
  deps: VerifierDeps,
  submissionId: bigint,
): Promise<{ submission: Submission; audit: Audit }> {
  const { submission, audits } = await deps.query.submission({ id: submissionId });
  const audit = audits.at(-1);
  if (submission === undefined || audit === undefined) {
    throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: submissionId });
  }
  return { submission, audit };
}

/** What the world may do to content: it is not there, or it is not what it should be. */
const uncheckable: ReadonlySet<ErrorCode> = new Set([
  "CONTENT_CORRUPT",
  "CONTENT_TOO_LARGE",
  "CONTENT_UNAVAILABLE",
  "STATE_FILE_INVALID",
]);

/** Computes a verdict and journals it. Missing or unusable bytes make it "cannot check"; any other failure is ours and is thrown. */
async function judge(
  deps: VerifierDeps,
  submission: Submission,
  audit: Audit,
): Promise<VerdictRecord> {
  const base = {
    kind: "verdict",
    submission: String(submission.id),
    draw: audit.draw,
    salt: toHex(deps.salt()),
  } as const;
  let record: VerdictRecord;
  try {
    const { faults, root, digest } = await runAudit(deps, submission, audit);
    const verdict = verdictOf(faults);
    record = {
      ...base,
      verdict,
      ...(verdict === "cannotCheck" ? {} : { root: toHex(root), digest: toHex(digest) }),
      ...(faults.length === 0 ? {} : { reason: faults.join(", ") }),
    };
  } catch (error) {
    if (!(error instanceof R3mesError) || !uncheckable.has(error.code)) throw error;
    record = { ...base, verdict: "cannotCheck", reason: error.message };
  }
  await deps.journal.append(record);
  deps.log.info(
    {
      submission: record.submission,
      step: audit.step,
      verdict: record.verdict,
      reason: record.reason,
    },
    "verdict computed",
  );
  return record;
}

async function runAudit(
  deps: VerifierDeps,
  submission: Submission,
  audit: Audit,
): Promise<AuditResult> {
  const { hash } = deps;
  const { opening } = submission;
  if (opening === undefined)
    throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: submission.id });
  const chunk = await openChunk(replaysOf(deps), submission);
  const { task, adapter, session } = chunk;
  const { plan } = chunk.opened;
  const state = async (cid: Uint8Array) =>
    decodeState(plan, await deps.fetch(cid, stateBytes(plan)));
  const isFirst = audit.step === 1;
  const work = {
    step: audit.step,
    rootBefore: isFirst
      ? rootOfState(plan, placeOf(plan, task, 0), firstState(plan, adapter), hash)
      : opening.rootBefore,
    rootAfter: opening.rootAfter,
    rootFinal: opening.rootFinal,
    updateRoot: submission.updateRoot,
    stateBefore: isFirst ? firstState(plan, adapter) : await state(opening.stateBeforeCid),
    stateFinal: await state(opening.stateFinalCid),
    update: () => deps.fetch(submission.updateCid, LIMITS.updateBytesMax),
  };
  const options = { auditSeed: audit.seed, ...(hash === undefined ? {} : { hash }) };
  const result = await auditSubmission(session, plan, task, adapter, work, options);
  if (!audit.fullReplay) return result;
  const { stateRoots, stepsRoot } = await replayChunk(chunk, 0, hash);
  return equalBytes(stepsRoot, submission.stepsRoot)
    ? result
    : { ...result, faults: [...result.faults, "steps"], root: stateRoots[audit.step - 1]! };
}

function findVerdict(
  deps: VerifierDeps,
  submissionId: bigint,
  draw: number,
): VerdictRecord | undefined {
  return deps.journal.records.find(
    (record): record is VerdictRecord =>
      record.kind === "verdict" &&
      record.submission === String(submissionId) &&
      record.draw === draw,
  );
}
