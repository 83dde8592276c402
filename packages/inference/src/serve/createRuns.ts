/**
 * Lets so many works be under way at once; the others wait in the order in which they came. It must not know what a work does, and it
 * gives nobody a turn: works wait for what they share by themselves.
 */
export interface Runs {
  /** Adds a work. What it yields goes to `onStep`; what it returns, or the error that ends it, to the promise. */
  run<Step, Result>(
    work: AsyncGenerator<Step, Result, void>,
    handlers: RunHandlers<Step>,
  ): Run<Result>;
  readonly active: () => number;
  readonly waiting: () => number;
}

export interface RunHandlers<Step> {
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
  /** Does all its steps. What it returns tells whoever waits for the work how it ended. */
  run(): Promise<() => void>;
}

export function createRuns({ activeMax }: { readonly activeMax: number }): Runs {
  const waiting: Work[] = [];
  let active = 0;

  async function follow(work: Work): Promise<void> {
    const tell = await work.run();
    active -= 1;
    admit();
    tell();
  }

  function admit(): void {
    while (active < activeMax && waiting.length > 0) {
      active += 1;
      void follow(waiting.shift()!);
    }
  }

  return {
    active: () => active,
    waiting: () => waiting.length,
    run<Step, Result>(generator: AsyncGenerator<Step, Result, void>, handlers: RunHandlers<Step>) {
      let isCancelled = false;
      let cancelWaiting = () => {};
      const done = new Promise<Result | undefined>((resolve, reject) => {
        const work: Work = {
          async run() {
            try {
              const result = await runSteps(generator, handlers, () => isCancelled);
              return () => resolve(result);
            } catch (error) {
              return () => reject(error);
            }
          },
        };
        waiting.push(work);
        cancelWaiting = () => {
          const place = waiting.indexOf(work);
          if (place < 0) return;
          waiting.splice(place, 1);
          resolve(undefined);
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
  { onBegin, onStep }: RunHandlers<Step>,
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
