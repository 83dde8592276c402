/**
 * Long duties beside the short ones: a beacon that must be opened does not wait for a step that is run again. What a duty needs of others
 * is gathered at once, beside everything else, so that bytes which nobody offers hold up nothing but their own duty; computing is done in
 * turn, since a device does one thing at a time. A turn is for the duty whose window closes first: a machine that is late misses none
 * that it could have been in time for.
 */
import { createTaskQueue, trying } from "@r3mes/participant";
import type { VerifierDeps } from "./verifierDeps.ts";

export interface DutyQueue {
  /** A duty that waits or runs already is left alone. */
  begin(duty: TimedDuty, compute: () => Promise<unknown>): void;
  /** What `compute` gives, in its turn: for what is found to be needed while something is gathered. It must not be asked for in a turn. */
  inTurn<T>(duty: TimedDuty, compute: () => Promise<T>): Promise<T>;
  /** As `begin`, with what `gather` has brought. When its turn comes and it is no longer due, nothing is computed. */
  beginWith<Given>(
    duty: TimedDuty,
    gather: () => Promise<Given>,
    compute: (given: Given) => Promise<unknown>,
    isDue?: () => boolean,
  ): void;
}

export interface TimedDuty {
  readonly name: string;
  /** Last height of its window. What has none waits for everything that has one. */
  readonly endHeight?: bigint;
}

interface Waiting extends TimedDuty {
  readonly run: () => Promise<unknown>;
}

export function createDutyQueue(deps: Pick<VerifierDeps, "log">): DutyQueue {
  const tasks = createTaskQueue();
  const waiting: Waiting[] = [];
  const begun = new Set<string>();
  const gathering = new Set<string>();
  let turns = 0;
  const enter = (duty: TimedDuty, run: () => Promise<unknown>) => {
    waiting.push({ ...duty, run });
    turns += 1;
    tasks.begin(`turn ${turns}`, () => takeMostUrgent(waiting).run());
  };
  const begin = (duty: TimedDuty, compute: () => Promise<unknown>) => {
    const { name } = duty;
    if (begun.has(name)) return;
    begun.add(name);
    enter(duty, () => trying(deps, { duty: name }, compute).finally(() => begun.delete(name)));
  };
  return {
    begin,
    inTurn: (duty, compute) =>
      new Promise((resolve, reject) => enter(duty, () => compute().then(resolve, reject))),
    beginWith(duty, gather, compute, isDue = () => true) {
      const { name } = duty;
      if (gathering.has(name)) return;
      gathering.add(name);
      const bring = async () => {
        const given = await gather();
        const inTurn = async () => {
          if (isDue()) await compute(given);
          else deps.log.warn({ duty: name }, "its window closed before its turn came");
        };
        await new Promise<void>((done) => begin(duty, () => inTurn().finally(done)));
      };
      void trying(deps, { duty: name }, bring).finally(() => gathering.delete(name));
    },
  };
}

/** Of several whose windows close together the one that has waited longest. There are as many turns as duties that wait. */
function takeMostUrgent(waiting: Waiting[]): Waiting {
  let first = 0;
  waiting.forEach((duty, i) => {
    if (closesBefore(duty, waiting[first]!)) first = i;
  });
  return waiting.splice(first, 1)[0]!;
}

function closesBefore({ endHeight }: TimedDuty, other: TimedDuty): boolean {
  if (endHeight === undefined) return false;
  return other.endHeight === undefined || endHeight < other.endHeight;
}
