/**
 * Ends a process in order: what was opened last is closed first, each step within a deadline of its
 * own. The first signal asks for the end, a second one forces it; echoes of a signal do not count.
 * It must not exit by itself unless forced: a process that has closed everything ends alone.
 */
import type { Clock } from "./clock.ts";

export type ShutdownStep = {
  readonly name: string;
  readonly deadlineMs: number;
  readonly run: () => Promise<void> | void;
};

export type ShutdownReport = {
  /** Why it ended: the name of a signal, or what `begin` was given. */
  readonly reason: string;
  /** Steps that failed or were late; the later steps ran all the same. */
  readonly failures: readonly { readonly name: string; readonly detail: string }[];
};

export type Shutdown = {
  /** Adds a step; it will run before all steps that were added earlier. */
  readonly add: (step: ShutdownStep) => void;
  /** Begins the end, once: later calls get the same report. */
  readonly begin: (reason: string) => Promise<ShutdownReport>;
  /** Resolves with the report when the last step is done. */
  readonly done: Promise<ShutdownReport>;
  /** Aborted as soon as the end begins. */
  readonly signal: AbortSignal;
  /** Stops listening to signals. */
  readonly dispose: () => void;
};

export type ShutdownDeps = {
  readonly clock: Clock;
  /** Where signals arrive; in a process, `process`. */
  readonly signals: {
    readonly on: (name: NodeJS.Signals, listener: () => void) => unknown;
    readonly off: (name: NodeJS.Signals, listener: () => void) => unknown;
  };
  /** Ends the process at once, with what the shell expects of a signal. */
  readonly forceExit: (code: number) => void;
};

// A terminal sends its Ctrl-C to every process that shares it, and npm passes it on to its child once
// more: one key press arrives several times.
const echoMs = 500;

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const signalNames = Object.keys(exitCodes) as (keyof typeof exitCodes)[];

export function createShutdown(deps: ShutdownDeps): Shutdown {
  const steps: ShutdownStep[] = [];
  const controller = new AbortController();
  let finish: (report: Promise<ShutdownReport>) => void;
  const done = new Promise<ShutdownReport>((resolve) => {
    finish = resolve;
  });
  let lastSignalMs = Number.NEGATIVE_INFINITY;
  const listeners = signalNames.map((name) => {
    const listener = (): void => {
      const nowMs = deps.clock.monotonicMs();
      const isEcho = nowMs - lastSignalMs < echoMs;
      lastSignalMs = nowMs;
      if (isEcho) return;
      if (controller.signal.aborted) deps.forceExit(exitCodes[name]);
      else void begin(name);
    };
    deps.signals.on(name, listener);
    return { name, listener };
  });

  return {
    add: (step) => void steps.push(step),
    begin,
    done,
    signal: controller.signal,
    dispose: () => {
      for (const { name, listener } of listeners) deps.signals.off(name, listener);
    },
  };

  function begin(reason: string): Promise<ShutdownReport> {
    if (!controller.signal.aborted) {
      controller.abort();
      finish(runSteps(reason));
    }
    return done;
  }

  async function runSteps(reason: string): Promise<ShutdownReport> {
    const failures: { name: string; detail: string }[] = [];
    // A step that is added while the end is under way still gets its turn.
    for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
      const detail = await runStep(step, deps.clock);
      if (detail !== null) failures.push({ name: step.name, detail });
    }
    return { reason, failures };
  }
}

/** Null when the step ended well and in time, else what went wrong. */
async function runStep(step: ShutdownStep, clock: Clock): Promise<string | null> {
  const controller = new AbortController();
  const late = clock
    .sleep(step.deadlineMs, controller.signal)
    .then(() => `not done after ${step.deadlineMs} ms`);
  try {
    const ran = (async () => step.run())().then(() => null);
    return await Promise.race([ran, late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    controller.abort();
  }
}
