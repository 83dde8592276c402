/**
 * Which part of a submission is wrong, if any is: what every verifier is asked once its miner has lost a case. It is first looked for where
 * the audit had to find it, in the states that the miner published; whoever cannot have them finds by training alone what else is wrong.
 * Source: spec/verification.md section 6.
 */
import { equalBytes, R3mesError } from "@r3mes/protocol";
import { type Submission, WrongPart } from "@r3mes/protocol/messages";
import type { Logger } from "@r3mes/service";
import {
  type ChunkState,
  decodeStateOf,
  firstState,
  placeOf,
  readState,
  rootOfState,
  rootOfUpdate,
  runStep,
  stateBytes,
  type TrainedChunk,
  updateOf,
  writeState,
} from "@r3mes/training";
import { type OpenedChunk, openChunk, type ReplayDeps, replayChunk } from "./replayChunk.ts";

export interface InquiryDeps extends ReplayDeps {
  /** Content that the miner published, asked for no longer than an inquiry can bear: what is returned reads it. */
  readonly bring: (cid: Uint8Array, bytesMax: number) => Promise<() => Promise<Uint8Array>>;
  readonly log: Pick<Logger, "warn">;
}

/** What was shown to the last audit. */
type Opening = NonNullable<Submission["opening"]>;

/** Reads a state that was published; null if it cannot be had, or is not the one that was revealed. */
type Published = () => Promise<ChunkState | null>;

/**
 * Brings what looking at a submission needs of others; what is returned looks, on the device. Null says that all of it is right.
 *
 * @throws CONTENT_UNAVAILABLE when a byte of what is public cannot be had: then nothing is known
 */
export async function openInquiry(
  deps: InquiryDeps,
  submission: Submission,
): Promise<() => Promise<WrongPart | null>> {
  const chunk = await openChunk(deps, submission);
  const { opening } = submission;
  const [before, last] = await Promise.all([
    opening && publishedBefore(deps, chunk, opening),
    opening &&
      published(deps, chunk, {
        t: chunk.opened.plan.localSteps,
        root: opening.rootFinal,
        cid: opening.stateFinalCid,
      }),
  ]);
  return async () => {
    const stateBefore = await before?.();
    if (opening && stateBefore && (await isStepWrong(deps, chunk, opening, stateBefore))) {
      return WrongPart.DRAWN_STEP;
    }
    const stateLast = await last?.();
    if (stateLast && isUpdateWrong(deps, chunk, submission, stateLast)) return WrongPart.UPDATE;
    return wrongPartOf(await replayChunk(chunk, deps.hash), submission);
  };
}

/** What is wrong with a submission if training its chunk gives `trained`. */
export function wrongPartOf(
  trained: Pick<TrainedChunk, "stateRoots" | "stepsRoot" | "updateRoot">,
  { stepsRoot, updateRoot, opening }: Pick<Submission, "stepsRoot" | "updateRoot" | "opening">,
): WrongPart | null {
  const areStepsRight = equalBytes(trained.stepsRoot, stepsRoot);
  const isUpdateRight = equalBytes(trained.updateRoot, updateRoot);
  if (areStepsRight) return isUpdateRight ? null : WrongPart.UPDATE;
  if (opening === undefined) return WrongPart.OTHER_STEP;
  const { step, rootBefore, rootAfter, rootFinal } = opening;
  // All start from the same version.
  const isBeforeRight = step === 1 || equalBytes(trained.stateRoots[step - 2]!, rootBefore);
  const isAfterRight = equalBytes(trained.stateRoots[step - 1]!, rootAfter);
  if (isBeforeRight && !isAfterRight) return WrongPart.DRAWN_STEP;
  const isLastRight = equalBytes(trained.stateRoots.at(-1)!, rootFinal);
  return isLastRight && !isUpdateRight ? WrongPart.UPDATE : WrongPart.OTHER_STEP;
}

async function publishedBefore(
  deps: InquiryDeps,
  chunk: OpenedChunk,
  { step, rootBefore, stateBeforeCid }: Opening,
): Promise<Published> {
  const { plan } = chunk.opened;
  if (step === 1) return async () => firstState(plan, chunk.adapter);
  return published(deps, chunk, { t: step - 1, root: rootBefore, cid: stateBeforeCid });
}

async function published(
  { bring, log, hash }: InquiryDeps,
  { opened: { plan }, leased }: OpenedChunk,
  { t, root, cid }: { readonly t: number; readonly root: Uint8Array; readonly cid: Uint8Array },
): Promise<Published> {
  const usable = async <T>(run: () => Promise<T>): Promise<T | null> => {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof R3mesError)) throw error;
      log.warn({ step: t, error: error.toJSON() }, "published state not usable");
      return null;
    }
  };
  const read = await usable(() => bring(cid, stateBytes(plan)));
  const place = placeOf(plan, leased, t);
  return async () =>
    read && usable(async () => decodeStateOf(plan, { place, root }, await read(), hash));
}

async function isStepWrong(
  { hash }: InquiryDeps,
  { opened: { plan }, session, leased }: OpenedChunk,
  { step: t, rootAfter }: Opening,
  before: ChunkState,
): Promise<boolean> {
  writeState(session, before);
  await runStep(session, { plan, leased, t });
  const after = await readState(session);
  return !equalBytes(rootOfState(plan, placeOf(plan, leased, t), after, hash), rootAfter);
}

function isUpdateWrong(
  { hash }: InquiryDeps,
  { opened: { plan }, adapter }: OpenedChunk,
  { updateRoot }: Submission,
  last: ChunkState,
): boolean {
  return !equalBytes(rootOfUpdate(plan, updateOf(plan, adapter, last), hash), updateRoot);
}
