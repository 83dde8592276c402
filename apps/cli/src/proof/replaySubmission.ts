/** A submission's chunk, trained again from public data by whoever doubts it: equal, or what differs. */
import { nodeSha256 } from "@r3mes/engine/node";
import type { OpenedChunk } from "@r3mes/participant";
import { equalBytes, R3mesError, toHex } from "@r3mes/protocol";
import type { Submission } from "@r3mes/protocol/messages";
import { trainChunk } from "@r3mes/training";
import type { OnStep } from "./trainStates.ts";

/** A root as it is here, and as the miner showed it, in hex. */
export type ComparedRoot = {
  readonly equal: boolean;
  readonly root: string;
  readonly shown: string;
};

export type Replay = {
  readonly submission: string;
  /** Of all that is compared below. */
  readonly equal: boolean;
  readonly steps: number;
  /** Root of the state roots. */
  readonly stepsRoot: ComparedRoot;
  readonly update: ComparedRoot;
  /** The state after the drawn step; absent before the draw. */
  readonly drawn?: ComparedRoot & { readonly step: number };
};

/** @throws SUBMISSION_NOT_REVEALED */
export async function replaySubmission(
  submission: Submission,
  { opened, session, leased, adapter }: OpenedChunk,
  onStep: OnStep,
): Promise<Replay> {
  requireRevealed(submission);
  const { plan } = opened;
  const trained = await trainChunk(
    session,
    { plan, leased, adapter },
    {
      hash: nodeSha256,
      onStep: (t) => onStep(t, plan.localSteps),
    },
  );
  const { opening } = submission;
  const stepsRoot = compareRoots(trained.stepsRoot, submission.stepsRoot);
  const update = compareRoots(trained.updateRoot, submission.updateRoot);
  const drawn = opening && {
    step: opening.step,
    ...compareRoots(trained.stateRoots[opening.step - 1]!, opening.rootAfter),
  };
  return {
    submission: String(submission.id),
    equal: stepsRoot.equal && update.equal && drawn?.equal !== false,
    steps: trained.stateRoots.length,
    stepsRoot,
    update,
    ...(drawn && { drawn }),
  };
}

export function requireRevealed({ id, stepsRoot }: Submission): void {
  if (stepsRoot.length > 0) return;
  throw new R3mesError({ code: "SUBMISSION_NOT_REVEALED", submission: id });
}

export function compareRoots(root: Uint8Array, shown: Uint8Array): ComparedRoot {
  return { equal: equalBytes(root, shown), root: toHex(root), shown: toHex(shown) };
}
