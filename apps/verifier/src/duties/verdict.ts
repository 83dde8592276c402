/** Runs the drawn step of a submission, commits to what was found, and later opens it. Source: spec/verification.md section 1. */
import { chainMessage } from "@r3mes/chain-client";
import { type DutyQueue, type OpenedChunk, openChunk, replayChunk } from "@r3mes/participant";
import {
  decodeAddress,
  type ErrorCode,
  fromHex,
  LIMITS,
  R3mesError,
  toHex,
  VERDICTS,
  verdictCommitment,
} from "@r3mes/protocol";
import {
  type Audit,
  type Duty,
  MsgCommitVerdictSchema,
  MsgRevealVerdictSchema,
  type Submission,
} from "@r3mes/protocol/messages";
import {
  type AuditedWork,
  type AuditResult,
  auditSubmission,
  type ChunkState,
  decodeState,
  firstState,
  placeOf,
  rootOfState,
  stateBytes,
  verdictOf,
  withReplay,
} from "@r3mes/training";

import type { Heights } from "../createHeights.ts";
import { replaysOf } from "../replaysOf.ts";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";
import type { VerdictRecord } from "../verifierRecord.ts";

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
  const { submission, audit } = await drawnWork(deps, submissionId);
  const record = findVerdict(deps, submissionId, audit.draw);
  if (record === undefined) {
    queue.beginWith(
      { name: `verdict ${audit.draw} on ${submissionId}`, endHeight },
      () =>
        inTime(
          checking(() => gather(deps, submission, audit)),
          heights.reached(endHeight - closingBlocks),
        ),
      (gathered) => judge(deps, { submission, audit }, gathered),
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
  "CONTENT_INCOMPLETE",
  "CONTENT_TOO_LARGE",
  "CONTENT_UNAVAILABLE",
  "STATE_FILE_INVALID",
]);

/** What came out, or why it cannot be known: missing or unusable bytes. Any other failure is ours and is thrown. */
type Checkable<T> = { readonly found: T } | { readonly reason: string };

async function checking<T>(run: () => Promise<T>): Promise<Checkable<T>> {
  try {
    return { found: await run() };
  } catch (error) {
    if (!(error instanceof R3mesError) || !uncheckable.has(error.code)) throw error;
    return { reason: error.message };
  }
}

/** Whoever waits for bytes until the window has closed is silent, and fined; that they were not to be had in time is an answer. */
function inTime<T>(gathered: Promise<Checkable<T>>, closing: Promise<void>): typeof gathered {
  const reason = "What it needs could not be had before the time for verdicts ends";
  return Promise.race([gathered, closing.then(() => ({ reason }))]);
}

interface DrawnWork {
  readonly submission: Submission;
  readonly audit: Audit;
}

/** A chunk, and what its miner published around the drawn step, to be read. */
interface GatheredWork {
  readonly chunk: OpenedChunk;
  readonly stateBefore: () => Promise<ChunkState>;
  readonly stateFinal: () => Promise<ChunkState>;
  readonly update: AuditedWork["update"];
}

/** States are only brought here: a round has many audits, and what waits for its turn in memory would be all of them. */
async function gather(
  deps: VerifierDeps,
  submission: Submission,
  audit: Audit,
): Promise<GatheredWork> {
  const opening = openingOf(submission);
  const chunk = await openChunk(replaysOf(deps, "training"), submission);
  const { opened, adapter } = chunk;
  const state = async (cid: Uint8Array) => {
    const read = await deps.bring(cid, stateBytes(opened.plan));
    return async () => decodeState(opened.plan, await read());
  };
  const [stateBefore, stateFinal, update] = await Promise.all([
    audit.step === 1 ? async () => firstState(opened.plan, adapter) : state(opening.stateBeforeCid),
    state(opening.stateFinalCid),
    whenHad(deps.fetch(submission.updateCid, LIMITS.updateBytesMax)),
  ]);
  return { chunk, stateBefore, stateFinal, update };
}

async function openWork(
  { hash }: VerifierDeps,
  { submission, audit }: DrawnWork,
  { chunk, update, ...states }: GatheredWork,
): Promise<AuditedWork> {
  const { plan } = chunk.opened;
  const opening = openingOf(submission);
  const stateBefore = await states.stateBefore();
  return {
    step: audit.step,
    rootBefore:
      audit.step === 1
        ? rootOfState(plan, placeOf(plan, chunk.leased, 0), stateBefore, hash)
        : opening.rootBefore,
    rootAfter: opening.rootAfter,
    rootFinal: opening.rootFinal,
    updateRoot: submission.updateRoot,
    stateBefore,
    stateFinal: await states.stateFinal(),
    update,
  };
}

function openingOf({ id, opening }: Submission) {
  if (opening === undefined) throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: id });
  return opening;
}

/** Bytes that decide only sometimes: that they cannot be had is told to whoever asks for them. */
function whenHad(fetched: Promise<Uint8Array>): Promise<() => Promise<Uint8Array>> {
  const ask = () => fetched;
  return fetched.then(
    () => ask,
    () => ask,
  );
}

/** Computes a verdict and journals it. */
async function judge(
  deps: VerifierDeps,
  drawn: DrawnWork,
  gathered: Checkable<GatheredWork>,
): Promise<VerdictRecord> {
  const { submission, audit } = drawn;
  const checked =
    "reason" in gathered ? gathered : await checking(() => runAudit(deps, drawn, gathered.found));
  const record: VerdictRecord = {
    kind: "verdict",
    submission: String(submission.id),
    draw: audit.draw,
    salt: toHex(deps.salt()),
    ...("reason" in checked
      ? { verdict: "cannotCheck", reason: checked.reason }
      : verdictFields(checked.found)),
  };
  await deps.journal.append(record);
  const { verdict, reason } = record;
  deps.log.info(
    { submission: record.submission, step: audit.step, verdict, reason },
    "verdict computed",
  );
  return record;
}

function verdictFields({ faults, root, digest }: AuditResult) {
  const verdict = verdictOf(faults);
  return {
    verdict,
    ...(verdict === "cannotCheck" ? {} : { root: toHex(root), digest: toHex(digest) }),
    ...(faults.length === 0 ? {} : { reason: faults.join(", ") }),
  };
}

async function runAudit(
  deps: VerifierDeps,
  drawn: DrawnWork,
  gathered: GatheredWork,
): Promise<AuditResult> {
  const { hash } = deps;
  const { submission, audit } = drawn;
  const { chunk } = gathered;
  const { session, opened } = chunk;
  const work = await openWork(deps, drawn, gathered);
  const options = { auditSeed: audit.seed, ...(hash === undefined ? {} : { hash }) };
  const result = await auditSubmission(session, { ...chunk, plan: opened.plan }, work, options);
  if (!audit.fullReplay) return result;
  const { stateRoots, stepsRoot } = await replayChunk(chunk, hash);
  const rootAfterStep = stateRoots[audit.step - 1]!;
  return withReplay(result, { stepsRoot, rootAfterStep }, submission.stepsRoot);
}

function findVerdict(
  deps: VerifierDeps,
  submissionId: bigint,
  draw: number,
): VerdictRecord | undefined {
  return deps.journal.records.findLast(
    (record): record is VerdictRecord =>
      record.kind === "verdict" &&
      record.submission === String(submissionId) &&
      record.draw === draw,
  );
}
