/**
 * Runs the processes of a localnet: starts each when those it needs are ready, and stops all of
 * them when asked or when one ends by itself. It restarts nothing: a crash must be seen.
 * It must not end before its children have: no process may outlive the localnet.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import { fileFailure } from "./fileFailure.ts";
import type { ProcessReport, ProcessSpec, ProcessState } from "./processSpec.ts";
import { type RunningProcess, runProcess } from "./runProcess.ts";
import { stopWaves } from "./stopWaves.ts";

export type Supervisor = {
  readonly processes: () => readonly ProcessReport[];
  /** Resolves when every process is ready; never when one fails before. */
  readonly ready: Promise<void>;
  /** Resolves with the first thing that went wrong; never when nothing does. */
  readonly failed: Promise<R3mesError>;
  /** Stops what needs others first, then those others. Resolves when no process is left. */
  readonly stop: () => Promise<void>;
  /** Kills every process at once, for the moment when this process itself must go. */
  readonly kill: () => void;
};

export type SuperviseOptions = {
  /** Folder of the logs; it must exist. */
  readonly logs: string;
  /** After this many milliseconds of stopping, what is left is killed. */
  readonly stopWithinMs: number;
};

export type SuperviseDeps = {
  readonly clock: Clock;
  readonly onChange: (processes: readonly ProcessReport[]) => void;
};

type Entry = { readonly spec: ProcessSpec; state: ProcessState; process: RunningProcess | null };

type Supervision = {
  readonly entries: readonly Entry[];
  readonly options: SuperviseOptions;
  readonly deps: SuperviseDeps;
  readonly stopping: AbortController;
  readonly fail: (error: R3mesError) => void;
};

const readyPollMs = 200;

/** A process that needs others must stand after them in `specs`. */
export function supervise(
  specs: readonly ProcessSpec[],
  options: SuperviseOptions,
  deps: SuperviseDeps,
): Supervisor {
  let fail: (error: R3mesError) => void = () => {};
  const failed = new Promise<R3mesError>((resolve) => {
    fail = resolve;
  });
  const entries = specs.map((spec): Entry => ({ spec, state: "waiting", process: null }));
  const stopping = new AbortController();
  const supervision: Supervision = { entries, options, deps, stopping, fail };
  const ready = startInOrder(supervision);
  let stopped: Promise<void> | null = null;

  return {
    processes: () => reports(supervision),
    ready,
    failed,
    stop: () => {
      stopped ??= stopAll(supervision);
      return stopped;
    },
    kill: () => killAll(supervision),
  };
}

function reports({ entries }: Supervision): readonly ProcessReport[] {
  return entries.map(({ spec: { name }, state, process }) => {
    const isRunning = state === "starting" || state === "ready" || state === "stopping";
    return { name, state, pid: isRunning ? (process?.pid ?? null) : null };
  });
}

function change(supervision: Supervision, entry: Entry, state: ProcessState): void {
  entry.state = state;
  supervision.deps.onChange(reports(supervision));
}

async function startInOrder(supervision: Supervision): Promise<void> {
  const starts = new Map<string, Promise<void>>();
  for (const entry of supervision.entries) {
    const needed = entry.spec.after.map((name) => {
      const start = starts.get(name);
      if (start !== undefined) return start;
      const condition = `${entry.spec.name} stands after ${name}, which it needs`;
      throw new R3mesError({ code: "ASSERTION_FAILED", condition });
    });
    const start = Promise.all(needed).then(() => startOne(supervision, entry));
    starts.set(entry.spec.name, start);
  }
  await Promise.all(starts.values());
}

/** Resolves when the process is ready; stays open for ever when it will not be. */
async function startOne(supervision: Supervision, entry: Entry): Promise<void> {
  const { stopping, deps, fail } = supervision;
  if (stopping.signal.aborted) return never();
  const running = launch(supervision, entry);
  const { spec } = entry;
  const overdueAtMs = deps.clock.monotonicMs() + spec.readyWithinMs;
  while (entry.state === "starting") {
    const isReady = await spec.isReady(stopping.signal).catch(() => false);
    if (isReady && entry.state === "starting") return change(supervision, entry, "ready");
    if (deps.clock.monotonicMs() >= overdueAtMs) {
      const seconds = Math.round(spec.readyWithinMs / 1_000);
      const lines = running.lastLines();
      fail(new R3mesError({ code: "LOCALNET_NOT_READY", process: spec.name, seconds, lines }));
      break;
    }
    await deps.clock.sleep(readyPollMs, stopping.signal);
  }
  return never();
}

function launch(supervision: Supervision, entry: Entry): RunningProcess {
  const { options, stopping, fail } = supervision;
  const { name } = entry.spec;
  const running = runProcess(entry.spec, options.logs, (error) => {
    const failure = fileFailure(error, options.logs);
    if (failure instanceof R3mesError) fail(failure);
  });
  entry.process = running;
  change(supervision, entry, "starting");
  void running.ended.then((ending) => {
    if (stopping.signal.aborted) return change(supervision, entry, "stopped");
    change(supervision, entry, "failed");
    const lines = running.lastLines();
    const log = running.logPath;
    fail(new R3mesError({ code: "LOCALNET_PROCESS_DIED", process: name, ending, log, lines }));
  });
  return running;
}

async function stopAll(supervision: Supervision): Promise<void> {
  const { entries, options, deps, stopping } = supervision;
  stopping.abort();
  const waves = stopWaves(entries);
  const deadlineMs = deps.clock.monotonicMs() + options.stopWithinMs;
  for (const [index, wave] of waves.entries()) {
    for (const entry of wave) terminate(supervision, entry);
    const leftMs = Math.max(0, deadlineMs - deps.clock.monotonicMs());
    // A wave that hangs must leave the later ones time to end by themselves.
    await within(deps.clock, leftMs / (waves.length - index), endOf(wave));
  }
  killAll(supervision);
  await endOf(entries);
}

function terminate(supervision: Supervision, entry: Entry): void {
  if (entry.state !== "starting" && entry.state !== "ready") return;
  change(supervision, entry, "stopping");
  entry.process?.signal("SIGTERM");
}

function killAll({ entries }: Supervision): void {
  for (const { state, process } of entries) {
    if (state !== "stopped" && state !== "failed") process?.signal("SIGKILL");
  }
}

function endOf(entries: readonly Entry[]): Promise<unknown> {
  return Promise.all(entries.map(({ process }) => process?.ended));
}

async function within(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, clock.sleep(ms, done.signal)]);
  done.abort();
}

function never(): Promise<never> {
  return new Promise(() => {});
}
