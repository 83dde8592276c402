/**
 * Long duties beside the short ones: a beacon that must be opened does not wait for a step that is run again. What a duty needs of others
 * is gathered at once, beside everything else, so that bytes which nobody offers hold up nothing but their own duty; computing is done in
 * turn, since a device does one thing at a time.
 */
import { createTaskQueue, trying } from "@r3mes/participant";
import type { VerifierDeps } from "./verifierDeps.ts";

export interface DutyQueue {
  /** A duty that waits or runs already is left alone. */
  begin(duty: string, compute: () => Promise<unknown>): void;
  /** What `compute` gives, in its turn: for what is found to be needed while something is gathered. It must not be asked for in a turn. */
  inTurn<T>(duty: string, compute: () => Promise<T>): Promise<T>;
  /** As `begin`, with what `gather` has brought. When its turn comes and it is no longer due, nothing is computed. */
  beginWith<Given>(
    duty: string,
    gather: () => Promise<Given>,
    compute: (given: Given) => Promise<unknown>,
    isDue?: () => boolean,
  ): void;
}

export function createDutyQueue(deps: Pick<VerifierDeps, "log">): DutyQueue {
  const tasks = createTaskQueue();
  const begun = new Set<string>();
  const begin = (duty: string, compute: () => Promise<unknown>) =>
    tasks.begin(duty, () => trying(deps, { duty }, compute));
  return {
    begin,
    inTurn: (duty, compute) =>
      new Promise((resolve, reject) => tasks.begin(duty, () => compute().then(resolve, reject))),
    beginWith(duty, gather, compute, isDue = () => true) {
      if (begun.has(duty)) return;
      begun.add(duty);
      const bring = async () => {
        const given = await gather();
        const inTurn = async () => {
          if (isDue()) await compute(given);
          else deps.log.warn({ duty }, "its window closed before its turn came");
        };
        await new Promise<void>((done) => begin(duty, () => inTurn().finally(done)));
      };
      void trying(deps, { duty }, bring).finally(() => begun.delete(duty));
    },
  };
}
