/**
 * Lets so many works be under way at once; the others wait in turns of those whom they are from, and some places stay free for whoever
 * has nothing under way. It must not know what a work does, and among those under way it gives nobody a turn: they wait for what
 * they share by themselves.
 */
import { createTurns } from "../decode/createTurns.ts";

export interface Runs {
  /** Adds a work. What it yields goes to `onStep`; what it returns, or the error that ends it, to the promise. */
  run<Step, Result>(
    work: AsyncGenerator<Step, Result, void>,
    options: RunOptions<Step>,
  ): Run<Result>;
  readonly active: () => number;
  readonly waiting: () => number;
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
  /** Ends it before its next step, and at once if it waits. */
  cancel(): void;
}

interface Work {
  readonly asker: string;
  /** Does all its steps. What it returns tells whoever waits for the work how it ended. */
  run(): Promise<() => void>;
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
    admit();
    tell();
  }

  /** What may begin now: anything while there are places for all, then what is from whoever has nothing under way. */
  function next(): Work | undefined {
    if (active.size < activeMax - keptPlaces) return waiting.take();
    if (active.size >= activeMax) return undefined;
    const known = new Set([...active].map(({ asker }) => asker));
    return waiting.take(({ asker }) => !known.has(asker));
  }

  function admit(): void {
    for (let work = next(); work !== undefined; work = next()) {
      active.add(work);
      void follow(work);
    }
  }

  return {
    active: () => active.size,
    waiting: waiting.size,
    run<Step, Result>(generator: AsyncGenerator<Step, Result, void>, options: RunOptions<Step>) {
      let isCancelled = false;
      let cancelWaiting = () => {};
      const done = new Promise<Result | undefined>((resolve, reject) => {
        const work: Work = {
          asker: options.asker ?? "",
          async run() {
            try {
              const result = await runSteps(generator, options, () => isCancelled);
              return () => resolve(result);
            } catch (error) {
              return () => reject(error);
            }
          },
        };
        waiting.add(work, work.asker);
        cancelWaiting = () => {
          if (waiting.remove(work)) resolve(undefined);
        };
      });
      admit();
      return {
        done,
        cancel() {
          isCancelled = true;
          cancelWaiting();
        },
      };
    },
  };
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
