/**
 * Makes an accepted update that nobody offers by training its chunk again, in its turn, and offers it to everybody else. What turns out to
 * be wrong is challenged instead. Source: spec/aggregation.md.
 */
import { challengeMessage, type Difference, type DutyQueue } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import type { Submission } from "@r3mes/protocol/messages";
import type { VerifierDeps, VerifierOptions } from "../verifierDeps.ts";

/** `endHeight` is the last height at which the sum that wants it is of use. */
export type UpdateTrainer = (submission: Submission, endHeight: bigint) => Promise<Uint8Array>;

export interface UpdateTrainerDeps
  extends Pick<VerifierDeps, "store" | "submit" | "log" | "onUpdateMade"> {
  /** What training its chunk again gives, and in what the submission differs from it. */
  readonly train: (
    submission: Submission,
  ) => Promise<{ readonly update: Uint8Array; readonly differs: Difference }>;
}

export function createUpdateTrainer(
  { operator }: Pick<VerifierOptions, "operator">,
  deps: UpdateTrainerDeps,
  queue: Pick<DutyQueue, "inTurn">,
): UpdateTrainer {
  // A sum is tried again at every block: what is wrong is trained once, and challenged until that was sent.
  const wrong = new Map<bigint, Wrong>();
  // A round may be summed and looked at by two duties at once, which want the same update.
  const making = new Map<bigint, Promise<Uint8Array>>();

  async function make(submission: Submission): Promise<Uint8Array> {
    const { id } = submission;
    const facts = { submission: String(id), round: submission.round };
    let found = wrong.get(id);
    if (found === undefined) {
      deps.log.warn(facts, "nobody offers an accepted update; its chunk is trained again");
      const { update, differs } = await deps.train(submission);
      if (differs === null) {
        await deps.store.put(update);
        deps.log.info(facts, "update made again");
        deps.onUpdateMade?.();
        return update;
      }
      found = { differs, isChallenged: false };
      wrong.set(id, found);
    }
    const { differs } = found;
    if (!found.isChallenged) {
      await deps.submit([challengeMessage(operator, id, differs)]).catch(unlessDisputed);
      found.isChallenged = true;
      deps.log.warn({ ...facts, differs }, "work challenged");
    }
    throw new R3mesError({ code: "SUBMISSION_WRONG", submission: id, differs });
  }

  return (submission, endHeight) => {
    const { id } = submission;
    const made =
      making.get(id) ??
      queue
        .inTurn({ name: `chunk of submission ${id}`, endHeight }, () => make(submission))
        .finally(() => making.delete(id));
    making.set(id, made);
    return made;
  };
}

/** What this verifier has challenged before it was killed, or so many others have that no more may, is disputed all the same. */
function unlessDisputed(error: unknown): void {
  const isDisputed = error instanceof R3mesError && disputed.has(error.code);
  if (!isDisputed) throw error;
}

const disputed: ReadonlySet<string> = new Set(["CHALLENGE_EXISTS", "CHALLENGE_QUEUE_FULL"]);

interface Wrong {
  readonly differs: NonNullable<Difference>;
  isChallenged: boolean;
}
