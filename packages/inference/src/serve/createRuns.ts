/**
 * Lets so many works be under way at once; the others wait in turns of those whom they are from, and some places stay free for whoever
 * has nothing under way. A work whose means are not here waits for them like any other, in no place of those under way, and holds
 * up nobody. It must not know what a work does, and among those under way it gives nobody a turn: they wait for what they share by
 * themselves.
 */
import { createTurns } from "../decode/createTurns.ts";

export interface Runs {
  /** Adds a work. What it yields goes to `onStep`; what it returns, or the error that ends it, to the promise. */
  run<Means extends Taken, Step, Result>(
    steps: (means: Means) => AsyncGenerator<Step, Result, void>,
    needs: Needs<Means>,
    options: RunOptions<Step>,
  ): Run<Result>;
  /** Lets begin what can: whoever waits for room may find it. */
  look(): void;
  readonly active: () => number;
  readonly waiting: () => number;
}

/** What is taken while a work is under way. */
export interface Taken {
  giveBack(): void;
}

/** What a work cannot begin without. */
export interface Needs<Means extends Taken> {
  /** Takes it; `missing` if it has to be brought first, `no room` until a `look` finds some. */
  take(): Means | "missing" | "no room";
  /** Brings it, which may take long. It may be lost again before the work can begin; an error ends the work. */
  bring(): Promise<void>;
}

export interface RunOptions<Step> {
  /** Whom the work is from; all who are not named are one. */
  readonly asker?: string;
  readonly onBegin?: () => void;
  readonly onStep: (step: Step) => void;
}

export interface Run<Result> {
  /** Undefined if it was cancelled. */
  readonly done: Promise<Result | undefined>;
  /** Ends it before its next step, and at once if it has not begun. */
  cancel(): void;
}

interface Work {
  readonly asker: string;
  /** What it needs is on its way. */
  isBringing: boolean;
  take(): "taken" | "missing" | "no room";
  bring(): Promise<void>;
  /** Does all its steps. What it returns tells whoever waits for the work how it ended. */
  run(): Promise<() => void>;
  /** Ends it before its next step. */
  stop(): void;
  /** Ends one that has not begun: with an error, or as cancelled. */
  refuse(error: unknown): void;
  leave(): void;
}

/** Of the places, for whoever has nothing under way: who has long works in all others keeps nobody waiting. */
const keptShare = 1 / 8;

export function createRuns({ activeMax }: { readonly activeMax: number }): Runs {
  const keptPlaces = Math.floor(activeMax * keptShare);
  const waiting = createTurns<Work>();
  const active = new Set<Work>();

  async function follow(work: Work): Promise<void> {
    const tell = await work.run();
    active.delete(work);
    look();
    tell();
  }

  async function bring(work: Work): Promise<void> {
    work.isBringing = true;
    try {
      await work.bring();
    } catch (error) {
      if (waiting.remove(work)) work.refuse(error);
    }
    work.isBringing = false;
    // What it was to have may be for another.
    look();
  }

  function canBegin(work: Work): boolean {
    if (work.isBringing) return false;
    const taken = work.take();
    if (taken === "missing") void bring(work);
    return taken === "taken";
  }

  /** What may begin now: anything while there are places for all, then what is from whoever has nothing under way. */
  function next(): Work | undefined {
    if (active.size < activeMax - keptPlaces) return waiting.take(canBegin);
    if (active.size >= activeMax) return undefined;
    const known = new Set([...active].map(({ asker }) => asker));
    return waiting.take((work) => !known.has(work.asker) && canBegin(work));
  }

  function look(): void {
    for (let work = next(); work !== undefined; work = next()) {
      active.add(work);
      void follow(work);
    }
  }

  return {
    look,
    active: () => active.size,
    waiting: waiting.size,
    run(steps, needs, options) {
      const { work, done } = workOf(steps, needs, options);
      waiting.add(work, work.asker);
      look();
      return {
        done,
        cancel() {
          work.stop();
          if (waiting.remove(work)) work.leave();
        },
      };
    },
  };
}

function workOf<Means extends Taken, Step, Result>(
  steps: (means: Means) => AsyncGenerator<Step, Result, void>,
  needs: Needs<Means>,
  options: RunOptions<Step>,
): { readonly work: Work; readonly done: Promise<Result | undefined> } {
  let means: Means | undefined;
  let isStopped = false;
  let resolve: (result: Result | undefined) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const done = new Promise<Result | undefined>((...ends) => {
    [resolve, reject] = ends;
  });
  const work: Work = {
    asker: options.asker ?? "",
    isBringing: false,
    take() {
      const taken = needs.take();
      if (typeof taken === "string") return taken;
      means = taken;
      return "taken";
    },
    bring: () => needs.bring(),
    async run() {
      try {
        const result = await runSteps(steps(means!), options, () => isStopped);
        return () => resolve(result);
      } catch (error) {
        return () => reject(error);
      } finally {
        means!.giveBack();
      }
    },
    stop() {
      isStopped = true;
    },
    refuse: (error) => reject(error),
    leave: () => resolve(undefined),
  };
  return { work, done };
}

/** Undefined if it was cancelled. However it ends, the work gets to put away what it holds. */
async function runSteps<Step, Result>(
  generator: AsyncGenerator<Step, Result, void>,
  { onBegin, onStep }: RunOptions<Step>,
  isCancelled: () => boolean,
): Promise<Result | undefined> {
  try {
    onBegin?.();
    for (;;) {
      if (isCancelled()) return undefined;
      const { value, done } = await generator.next();
      if (done) return value;
      onStep(value);
    }
  } finally {
    await generator.return(undefined as Result);
  }
}
