/** One step of a submission, run again: from the state that its miner published, or from that which the steps before it give. */
import { nodeSha256 } from "@r3mes/engine/node";
import type { OpenedChunk } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import type { Opening, Submission } from "@r3mes/protocol/messages";
import {
  type ContentSource,
  firstState,
  placeOf,
  readState,
  rootOfState,
  runStep,
  writeState,
} from "@r3mes/training";
import { publishedState } from "./openedStates.ts";
import { type ComparedRoot, compareRoots } from "./replaySubmission.ts";
import type { OnStep } from "./trainStates.ts";

export type StepReplay = ComparedRoot & {
  readonly submission: string;
  readonly step: number;
  /** The first step that had to be run. */
  readonly from: number;
};

/**
 * Step t, from 1. Without `content` nothing is published any more.
 *
 * @throws STEP_NOT_SHOWN for a step that is bound by the root of all steps alone
 */
export async function replayStep(
  submission: Submission,
  t: number,
  chunk: OpenedChunk,
  content: Pick<ContentSource, "get"> | undefined,
  onStep: OnStep,
): Promise<StepReplay> {
  const { opened, session, leased, adapter } = chunk;
  const { plan } = opened;
  const shown = shownRoot(submission, t, plan.localSteps);
  const { opening } = submission;
  const published =
    content === undefined || opening?.step !== t || t === 1
      ? undefined
      : await publishedState(
          chunk,
          { t: t - 1, cid: opening.stateBeforeCid, root: opening.rootBefore },
          content,
        );
  const from = published === undefined ? 1 : t;
  writeState(session, published ?? firstState(plan, adapter));
  for (let step = from; step <= t; step += 1) {
    await runStep(session, { plan, leased, t: step });
    onStep(step, t);
  }
  const root = rootOfState(plan, placeOf(plan, leased, t), await readState(session), nodeSha256);
  return { submission: String(submission.id), step: t, from, ...compareRoots(root, shown) };
}

/** The root of the state after step t, where the miner has shown it. */
function shownRoot({ id, opening }: Submission, t: number, steps: number): Uint8Array {
  const shown = opening === undefined ? new Map<number, Uint8Array>() : shownRoots(opening, steps);
  const root = shown.get(t);
  if (root !== undefined) return root;
  const known = shown.size === 0 ? "none yet" : [...shown.keys()].join(", ");
  throw new R3mesError({ code: "STEP_NOT_SHOWN", submission: id, step: t, shown: known });
}

/** By step, ascending: an audit draws one, and the states around it and the last one are shown. */
function shownRoots(
  { step, rootBefore, rootAfter, rootFinal }: Opening,
  steps: number,
): ReadonlyMap<number, Uint8Array> {
  const before = step === 1 ? [] : [[step - 1, rootBefore] as const];
  return new Map([...before, [step, rootAfter], [steps, rootFinal]]);
}
