/**
 * A verdict on a submission: what it needs is gathered, the drawn step runs again, and what was found is written into the journal. Bytes
 * that are missing or unusable are "cannot check", never a fault. Source: spec/verification.md section 1.
 */
import { type OpenedChunk, openChunk, replayChunk } from "@r3mes/participant";
import { type ErrorCode, LIMITS, R3mesError, toHex } from "@r3mes/protocol";
import type { Submission } from "@r3mes/protocol/messages";
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
import type { DrawnWork } from "./drawnWork.ts";
import { replaysOf } from "./replaysOf.ts";
import type { VerifierDeps } from "./verifierDeps.ts";
import type { VerdictRecord } from "./verifierRecord.ts";

/** A chunk, and what its miner published around the drawn step, to be read. */
export interface GatheredWork {
  readonly chunk: OpenedChunk;
  readonly stateBefore: () => Promise<ChunkState>;
  readonly stateFinal: () => Promise<ChunkState>;
  readonly update: AuditedWork["update"];
}

/** What came out, or why it cannot be known: missing or unusable bytes. Any other failure is ours and is thrown. */
export type Checkable<T> = { readonly found: T } | { readonly reason: string };

/** Whoever waits for bytes until the window has closed is silent, and fined; that they were not to be had in time is an answer. */
export function gatherInTime(
  deps: VerifierDeps,
  drawn: DrawnWork,
  closing: Promise<void>,
): Promise<Checkable<GatheredWork>> {
  const reason = "What it needs could not be had before the time for verdicts ends";
  const gathered = checking(() => gather(deps, drawn));
  return Promise.race([gathered, closing.then(() => ({ reason }))]);
}

/** Computes a verdict and journals it. */
export async function judge(
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

/** What the world may do to content: it is not there, or it is not what it should be. */
const uncheckable: ReadonlySet<ErrorCode> = new Set([
  "CONTENT_CORRUPT",
  "CONTENT_INCOMPLETE",
  "CONTENT_TOO_LARGE",
  "CONTENT_UNAVAILABLE",
  "STATE_FILE_INVALID",
]);

async function checking<T>(run: () => Promise<T>): Promise<Checkable<T>> {
  try {
    return { found: await run() };
  } catch (error) {
    if (!(error instanceof R3mesError) || !uncheckable.has(error.code)) throw error;
    return { reason: error.message };
  }
}

/** States are only brought here: a round has many audits, and what waits for its turn in memory would be all of them. */
async function gather(deps: VerifierDeps, { submission, audit }: DrawnWork): Promise<GatheredWork> {
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
