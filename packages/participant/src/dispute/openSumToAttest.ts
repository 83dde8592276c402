/** The sum of a round as a verifier may attest it: of the list that the chain fixed, without what is wrong. Source: spec/aggregation.md. */
import { R3mesError } from "@r3mes/protocol";
import { type Round, type Submission, SubmissionStatus } from "@r3mes/protocol/messages";
import type { OpenedPool, SummedRound } from "@r3mes/training";
import {
  completeUpdate,
  type FoundUpdate,
  gatherRound,
  type SummedRoundDeps,
  summedSubmissions,
} from "./openSummedRound.ts";

export interface SumToAttest {
  readonly summed: SummedRound;
  /** Submissions of the round's list that are not in it, ascending. */
  readonly leftOut: readonly bigint[];
}

/**
 * Left out is what a case has convicted, and what turns out to be wrong as it is trained again. Where a first window gave no sum, others may
 * have seen what was not shown here: what is disputed is trained again, too.
 *
 * @throws as `openSummedRound` does, but for SUBMISSION_WRONG
 */
export async function openSumToAttest(
  deps: SummedRoundDeps,
  opened: OpenedPool,
  round: Round,
): Promise<SumToAttest> {
  const listed = await summedSubmissions(deps, round);
  const leftOut = listed.filter(isConvicted).map(({ id }) => id);
  const rest = listed.filter((submission) => !isConvicted(submission));
  const { found, ...gathered } = await gatherRound(deps, opened, round, rest);
  const updates: Uint8Array[] = [];
  for (const one of found) {
    const update = await rightUpdate(deps, one, isDoubted(round, one.submission));
    if (update === undefined) leftOut.push(one.submission.id);
    else updates.push(update);
  }
  return {
    summed: { ...gathered, updates },
    leftOut: leftOut.sort((a, b) => (a < b ? -1 : 1)),
  };
}

/** Whether a sum that was made in an earlier block, after so many windows, has to be made again. */
export async function isOutdated(
  deps: Pick<SummedRoundDeps, "query">,
  round: Round,
  { leftOut, window }: { readonly leftOut: readonly bigint[]; readonly window: number },
): Promise<boolean> {
  const summed = (await summedSubmissions(deps, round)).filter(({ id }) => !leftOut.includes(id));
  const isOfWindow = window === round.attestWindows;
  return summed.some((one) => isConvicted(one) || (!isOfWindow && isDoubted(round, one)));
}

function isConvicted({ status }: Submission): boolean {
  return status === SubmissionStatus.FAULTY;
}

function isDoubted({ attestWindows }: Round, { status }: Submission): boolean {
  return attestWindows > 0 && status === SubmissionStatus.DISPUTED;
}

/** Undefined for work that is wrong. */
async function rightUpdate(
  deps: Pick<SummedRoundDeps, "trainUpdate">,
  found: FoundUpdate,
  isInDoubt: boolean,
): Promise<Uint8Array | undefined> {
  try {
    const trains = isInDoubt && deps.trainUpdate !== undefined;
    return await (trains ? deps.trainUpdate(found.submission) : completeUpdate(found, deps));
  } catch (error) {
    if (error instanceof R3mesError && error.code === "SUBMISSION_WRONG") return undefined;
    throw error;
  }
}
