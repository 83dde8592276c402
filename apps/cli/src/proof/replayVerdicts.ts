/** The audits of a submission, made again as its verifiers made them: each said what this machine finds, or something else. */
import { nodeSha256 } from "@r3mes/engine/node";
import type { OpenedChunk } from "@r3mes/participant";
import { equalBytes, LIMITS, R3mesError, toHex, VERDICTS, type Verdict } from "@r3mes/protocol";
import { type Audit, Verdict as Said, type Seat, type Submission } from "@r3mes/protocol/messages";
import { contentIdFromBytes } from "@r3mes/storage";
import {
  type AuditResult,
  auditSubmission,
  type ContentSource,
  verdictOf,
  withReplay,
} from "@r3mes/training";
import type { FoundWork } from "./findWork.ts";
import { type OpenedStates, openedStates } from "./openedStates.ts";
import { requireRevealed } from "./replaySubmission.ts";
import { type OnStep, type TrainedStates, trainStates } from "./trainStates.ts";

export type VerdictReplay = {
  readonly submission: string;
  /** Nobody said that the work is right or wrong where this machine finds something else. */
  readonly equal: boolean;
  readonly audits: readonly AuditReplay[];
};

export type AuditReplay = {
  /** From 0. */
  readonly draw: number;
  readonly step: number;
  readonly fullReplay: boolean;
  /** What this machine finds. */
  readonly verdict: Verdict;
  readonly root: string;
  readonly digest: string;
  readonly seats: readonly SeatReplay[];
};

export type SeatReplay = {
  /** Owner address. */
  readonly verifier: string;
  /** "none" if it was never revealed. */
  readonly verdict: Verdict | "none";
  /** Absent where the verifier did not say what it computed. */
  readonly equal?: boolean;
};

type Ports = { readonly content: Pick<ContentSource, "get">; readonly onStep: OnStep };

/** What an auditor works with: the states around a step, and the roots of them that bind the miner. */
type ShownWork = OpenedStates & { readonly rootAfter: Uint8Array; readonly rootFinal: Uint8Array };

/** @throws SUBMISSION_NOT_REVEALED, AUDIT_NOT_FOUND before the drawn step was shown, CONTENT_UNAVAILABLE */
export async function replayVerdicts(
  { submission, audits, lastHeight }: FoundWork,
  chunk: OpenedChunk,
  { content, onStep }: Ports,
): Promise<VerdictReplay> {
  requireRevealed(submission);
  const { opening } = submission;
  const spoken = audits.filter(({ seats }) => seats.some(hasSpoken));
  if (opening === undefined || spoken.length === 0) {
    throw new R3mesError({ code: "AUDIT_NOT_FOUND", submission: submission.id });
  }
  const { localSteps } = chunk.opened.plan;
  let training: Promise<TrainedStates> | undefined;
  const train = () => {
    training ??= trainStates(
      chunk,
      new Set([localSteps, ...spoken.map(({ step }) => step - 1)]),
      onStep,
    );
    return training;
  };
  const published = lastHeight === undefined ? content : undefined;
  const replayed: AuditReplay[] = [];
  for (const audit of spoken) {
    const { rootAfter, rootFinal } = opening;
    const shown =
      audit.step === opening.step
        ? { ...(await openedStates(chunk, opening, published, train)), rootAfter, rootFinal }
        : await earlierWork(submission, audit.step, localSteps, train);
    const found = await audited(submission, audit, chunk, shown, { content, train });
    replayed.push(compareAudit(audit, found));
  }
  const seats = replayed.flatMap((audit) => audit.seats);
  return {
    submission: String(submission.id),
    equal: seats.every(({ equal }) => equal !== false),
    audits: replayed,
  };
}

/**
 * An earlier draw that came to nothing asked for another step, and what was shown of that has been replaced. It was what training gives,
 * if all steps are; else nobody knows any more.
 */
async function earlierWork(
  { stepsRoot, opening }: Submission,
  step: number,
  localSteps: number,
  train: () => Promise<TrainedStates>,
): Promise<ShownWork> {
  const trained = await train();
  if (!equalBytes(trained.stepsRoot, stepsRoot)) {
    const cid = contentIdFromBytes(opening!.stateFinalCid);
    throw new R3mesError({ code: "CONTENT_UNAVAILABLE", cid });
  }
  return {
    before: trained.stateAfter(step - 1),
    rootBefore: trained.rootAfter(step - 1),
    rootAfter: trained.rootAfter(step),
    final: trained.stateAfter(localSteps),
    rootFinal: trained.rootAfter(localSteps),
  };
}

async function audited(
  { stepsRoot, updateRoot, updateCid }: Submission,
  { step, seed, fullReplay }: Audit,
  { opened: { plan }, session, leased, adapter }: OpenedChunk,
  { before, final, ...roots }: ShownWork,
  { content, train }: Pick<Ports, "content"> & { readonly train: () => Promise<TrainedStates> },
): Promise<AuditResult> {
  const work = {
    ...{ ...roots, step, updateRoot, stateBefore: before, stateFinal: final },
    update: () => content.get(updateCid, LIMITS.updateBytesMax),
  };
  const options = { auditSeed: seed, hash: nodeSha256 };
  const result = await auditSubmission(session, { plan, leased, adapter }, work, options);
  if (!fullReplay) return result;
  const trained = await train();
  const replayed = { stepsRoot: trained.stepsRoot, rootAfterStep: trained.rootAfter(step) };
  return withReplay(result, replayed, stepsRoot);
}

function compareAudit(
  { draw, step, fullReplay, seats }: Audit,
  { faults, root, digest }: AuditResult,
): AuditReplay {
  const verdict = verdictOf(faults);
  const compare = (seat: Seat): SeatReplay => {
    const said = nameOf(seat.verdict);
    const { verifier } = seat;
    if (said === "none" || said === "cannotCheck") return { verifier, verdict: said };
    const isSame = equalBytes(seat.root, root) && equalBytes(seat.digest, digest);
    return { verifier, verdict: said, equal: said === verdict && isSame };
  };
  return {
    ...{ draw, step, fullReplay, verdict },
    root: toHex(root),
    digest: toHex(digest),
    seats: seats.map(compare),
  };
}

function hasSpoken({ verdict }: Seat): boolean {
  return verdict !== Said.UNSPECIFIED;
}

function nameOf(said: Said): Verdict | "none" {
  const names = Object.keys(VERDICTS) as Verdict[];
  return names.find((name) => VERDICTS[name] === Number(said)) ?? "none";
}
