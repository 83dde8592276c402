/**
 * Lets works that cannot run at once take turns: each does a few steps, then the next work does. So many are under way; the others
 * wait in the order in which they came. It must not know what a work does.
 */
export interface Turns {
  /** Adds a work. What it yields goes to `onStep`; what it returns, or the error that ends it, to the promise. */
  run<Step, Result>(
    work: AsyncGenerator<Step, Result, void>,
    handlers: TurnHandlers<Step>,
  ): Run<Result>;
  readonly active: () => number;
  readonly waiting: () => number;
}

export interface TurnHandlers<Step> {
  readonly onBegin?: () => void;
  readonly onStep: (step: Step) => void;
}

export interface Run<Result> {
  /** Undefined if it was cancelled. */
  readonly done: Promise<Result | undefined>;
  /** Ends it before its next step, and at once if it waits. */
  cancel(): void;
}

export interface TurnsOptions {
  /** Works that take turns. */
  readonly activeMax: number;
  /** Steps of one turn: more of them change less often between works, which costs something too. */
  readonly stepsPerTurn: number;
}

export interface TurnsDeps {
  /** Lets the host do something else, such as receive a message, before the next step. */
  readonly pause: () => Promise<void>;
}

interface Work {
  begin(): void;
  /** Whether there is a next one. */
  step(): Promise<boolean>;
}

export function createTurns(options: TurnsOptions, { pause }: TurnsDeps): Turns {
  const { activeMax, stepsPerTurn } = options;
  const active: Work[] = [];
  const waiting: Work[] = [];
  let isLooping = false;

  function admit(): void {
    while (active.length < activeMax && waiting.length > 0) {
      const work = waiting.shift()!;
      work.begin();
      active.push(work);
    }
  }

  async function loop(): Promise<void> {
    isLooping = true;
    for (admit(); active.length > 0; admit()) {
      const [work] = active;
      let goesOn = true;
      for (let step = 0; goesOn && step < stepsPerTurn; step += 1) {
        goesOn = await work!.step();
        if (goesOn) await pause();
      }
      // Whoever came meanwhile is next, before this one's second turn.
      admit();
      active.shift();
      if (goesOn) active.push(work!);
    }
    isLooping = false;
  }

  return {
    active: () => active.length,
    waiting: () => waiting.length,
    run<Step, Result>(generator: AsyncGenerator<Step, Result, void>, handlers: TurnHandlers<Step>) {
      let isCancelled = false;
      let work: Work | undefined;
      const done = new Promise<Result | undefined>((resolve, reject) => {
        work = workOf(generator, handlers, { resolve, reject, isCancelled: () => isCancelled });
        waiting.push(work);
      });
      if (!isLooping) void loop();
      return {
        done,
        cancel() {
          isCancelled = true;
          const place = waiting.indexOf(work!);
          if (place >= 0) void waiting.splice(place, 1)[0]!.step();
        },
      };
    },
  };
}

function workOf<Step, Result>(
  generator: AsyncGenerator<Step, Result, void>,
  { onBegin, onStep }: TurnHandlers<Step>,
  end: {
    readonly resolve: (result: Result | undefined) => void;
    readonly reject: (error: unknown) => void;
    readonly isCancelled: () => boolean;
  },
): Work {
  return {
    begin: () => onBegin?.(),
    async step() {
      try {
        if (end.isCancelled()) {
          // The work still gets to put away what it holds.
          await generator.return(undefined as Result);
          end.resolve(undefined);
          return false;
        }
        const { value, done } = await generator.next();
        if (done) end.resolve(value);
        else onStep(value);
        return !done;
      } catch (error) {
        end.reject(error);
        return false;
      }
    },
  };
}
