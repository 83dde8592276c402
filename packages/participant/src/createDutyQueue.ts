/**
 * Long duties beside the short ones: a beacon that must be opened does not wait for a step that is run again. What a duty needs of others
 * is gathered at once, beside everything else, so that bytes which nobody offers hold up nothing but their own duty; computing is done in
 * turn, since a device does one thing at a time. A turn is for the duty whose window closes first: a machine that is late misses none
 * that it could have been in time for.
 */
import type { Logger } from "@r3mes/service";
import { createTaskQueue, type Task } from "./createTaskQueue.ts";
import { trying } from "./trying.ts";

export interface DutyQueue {
  /** A duty that waits or runs already is left alone. */
  begin(duty: TimedDuty, compute: Task): void;
  /** Once every turn before it has ended; none begins before it has. */
  beginAlone(name: string, compute: Task): void;
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
  readonly run: Task;
}

export function createDutyQueue(deps: { readonly log: Pick<Logger, "warn"> }): DutyQueue {
  const tasks = createTaskQueue();
  const waiting: Waiting[] = [];
  const begun = new Set<string>();
  const gathering = new Set<string>();
  let turns = 0;
  const enter = (duty: TimedDuty, run: Task) => {
    waiting.push({ ...duty, run });
    turns += 1;
    tasks.begin(`turn ${turns}`, (letGo) => takeMostUrgent(waiting).run(letGo));
  };
  const begin = (duty: TimedDuty, compute: Task) => {
    const { name } = duty;
    if (begun.has(name)) return;
    begun.add(name);
    enter(duty, (letGo) =>
      trying(deps, { duty: name }, () => compute(letGo)).finally(() => begun.delete(name)),
    );
  };
  return {
    begin,
    beginAlone: (name, compute) =>
      tasks.beginAlone(name, (letGo) => trying(deps, { duty: name }, () => compute(letGo))),
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
