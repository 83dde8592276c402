/**
 * Runs the processes of a localnet: starts each when those it needs are ready, and stops all of
 * them when asked or when one ends by itself that the others need. Only a process that is made for it is started again,
 * and the count is shown: a crash must be seen.
 * It must not end before its children have: no process may outlive the localnet.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Clock } from "@r3mes/service";
import { fileFailure } from "@r3mes/service/command";
import { failureIn } from "../roles/failureIn.ts";
import { findPortInUse } from "./portInUse.ts";
import type { ProcessReport, ProcessSpec, ProcessState } from "./processSpec.ts";
import { type RunningProcess, runProcess } from "./runProcess.ts";
import { stopWaves } from "./stopWaves.ts";

export type Supervisor = {
  readonly processes: () => readonly ProcessReport[];
  /** Starts one more, once those that it needs are ready. */
  readonly add: (spec: ProcessSpec) => void;
  /** Resolves when every process is ready; never when one fails before. */
  readonly ready: Promise<void>;
  /** Resolves with the first thing that went wrong; never when nothing does. */
  readonly failed: Promise<R3mesError>;
  /** Stops what stops first, then what needs others, then those others. Resolves when no process is left. */
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
  /** Lets go of the ports of a process that is about to start for the first time. */
  readonly letGo: (ports: ProcessSpec["ports"]) => Promise<void>;
};

type Entry = {
  readonly spec: ProcessSpec;
  state: ProcessState;
  process: RunningProcess | null;
  restarts: number;
  /** Why it ended for good. */
  reason?: string;
  /** When it ended by itself of late, by the monotonic clock. */
  ends: readonly number[];
};

type Supervision = {
  readonly entries: Entry[];
  /** When each process is ready for the first time, by name. */
  readonly starts: Map<string, Promise<void>>;
  readonly options: SuperviseOptions;
  readonly deps: SuperviseDeps;
  readonly stopping: AbortController;
  readonly fail: (error: R3mesError) => void;
};

const readyPollMs = 200;
/** What is waited for before a start comes within seconds, or on a very busy machine within this. */
const startWithinMs = 60_000;
/** A process that ends this often within a minute has something that another start does not mend. */
const endsMax = 6;
const endsWithinMs = 60_000;
/** Whoever was killed may have seconds to keep a promise. */
const restartAfterMs = 100;

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
  const stopping = new AbortController();
  const supervision: Supervision = {
    entries: specs.map(newEntry),
    starts: new Map(),
    options,
    deps,
    stopping,
    fail,
  };
  const ready = startInOrder(supervision);
  let stopped: Promise<void> | null = null;

  return {
    processes: () => reports(supervision),
    add: (spec) => {
      const entry = newEntry(spec);
      supervision.entries.push(entry);
      void startWhenNeeded(supervision, entry);
    },
    ready,
    failed,
    stop: () => {
      stopped ??= stopAll(supervision);
      return stopped;
    },
    kill: () => killAll(supervision),
  };
}

function newEntry(spec: ProcessSpec): Entry {
  return { spec, state: "waiting", process: null, restarts: 0, ends: [] };
}

function reports({ entries }: Supervision): readonly ProcessReport[] {
  return entries.map(({ spec: { name }, state, process, restarts, reason }) => {
    const isRunning = state === "starting" || state === "ready" || state === "stopping";
    const pid = isRunning ? (process?.pid ?? null) : null;
    return { name, state, pid, restarts, ...(reason === undefined ? {} : { reason }) };
  });
}

function change(supervision: Supervision, entry: Entry, state: ProcessState): void {
  entry.state = state;
  supervision.deps.onChange(reports(supervision));
}

async function startInOrder(supervision: Supervision): Promise<void> {
  await Promise.all(supervision.entries.map((entry) => startWhenNeeded(supervision, entry)));
}

function startWhenNeeded(supervision: Supervision, entry: Entry): Promise<void> {
  const { name, after } = entry.spec;
  const needed = after.map((other) => {
    const start = supervision.starts.get(other);
    if (start !== undefined) return start;
    const condition = `${name} stands after ${other}, which it needs`;
    throw new R3mesError({ code: "ASSERTION_FAILED", condition });
  });
  const start = Promise.all(needed).then(() => startOne(supervision, entry));
  supervision.starts.set(name, start);
  return start;
}

/** Resolves when the process is ready for the first time; stays open for ever when it will not be. */
async function startOne(supervision: Supervision, entry: Entry): Promise<void> {
  const { mayStart, ports } = entry.spec;
  if (mayStart !== undefined) await untilItMayStart(supervision, mayStart);
  await supervision.deps.letGo(ports);
  if (supervision.stopping.signal.aborted) return never();
  launch(supervision, entry);
  return untilReady(supervision, entry);
}

/** Not for ever: somebody who does not come must not keep the others from working. */
async function untilItMayStart(
  { deps: { clock }, stopping: { signal } }: Supervision,
  mayStart: NonNullable<ProcessSpec["mayStart"]>,
): Promise<void> {
  const overdueAtMs = clock.monotonicMs() + startWithinMs;
  while (!signal.aborted && clock.monotonicMs() < overdueAtMs) {
    if (await mayStart(signal).catch(() => false)) return;
    await clock.sleep(readyPollMs, signal);
  }
}

/** Watches through restarts: whoever waits for a process does not mind that it needed two tries. */
async function untilReady(supervision: Supervision, entry: Entry): Promise<void> {
  const { stopping, deps, fail } = supervision;
  const { spec } = entry;
  const overdueAtMs = deps.clock.monotonicMs() + spec.readyWithinMs;
  while (entry.state === "starting" || entry.state === "waiting") {
    const isReady = await spec.isReady(stopping.signal).catch(() => false);
    if (isReady && entry.state === "starting") return change(supervision, entry, "ready");
    if (stopping.signal.aborted) break;
    if (!spec.endsAlone && deps.clock.monotonicMs() >= overdueAtMs) {
      const seconds = Math.round(spec.readyWithinMs / 1_000);
      const lines = entry.process?.lastLines() ?? [];
      fail(new R3mesError({ code: "LOCALNET_NOT_READY", process: spec.name, seconds, lines }));
      break;
    }
    await deps.clock.sleep(readyPollMs, stopping.signal);
  }
  return spec.endsAlone && entry.state === "failed" ? undefined : never();
}

function launch(supervision: Supervision, entry: Entry): void {
  const { options, stopping, fail } = supervision;
  const running = runProcess(entry.spec, options.logs, (error) => {
    const failure = fileFailure(error, options.logs);
    if (failure instanceof R3mesError) fail(failure);
  });
  entry.process = running;
  change(supervision, entry, "starting");
  void running.ended.then((ending) => {
    if (stopping.signal.aborted) return change(supervision, entry, "stopped");
    return afterEnd(supervision, entry, running, ending);
  });
}

/** It is started again, unless it may not be or another process has a port of it by now. */
async function afterEnd(
  supervision: Supervision,
  entry: Entry,
  { lastLines, logPath }: RunningProcess,
  ending: string,
): Promise<void> {
  const { deps, stopping, fail } = supervision;
  const { name, ports, restarts, endsAlone } = entry.spec;
  const nowMs = deps.clock.monotonicMs();
  entry.ends = [...entry.ends.filter((ms) => nowMs - ms < endsWithinMs), nowMs];
  const wasReady = entry.state === "ready";
  change(supervision, entry, "waiting");
  const portError = await findPortInUse(ports);
  if (stopping.signal.aborted) return;
  if (portError === null && restarts && entry.ends.length < endsMax) {
    return restart(supervision, entry, wasReady);
  }
  const lines = lastLines();
  if (endsAlone) entry.reason = portError?.message ?? reasonIn(lines) ?? ending;
  change(supervision, entry, "failed");
  if (endsAlone) return;
  const facts = { process: name, ending, log: logPath, lines };
  fail(portError ?? new R3mesError({ code: "LOCALNET_PROCESS_DIED", ...facts }));
}

/** What it said itself, in a sentence. */
function reasonIn(lines: readonly string[]): string | undefined {
  return lines.map(failureIn).findLast((failure) => failure !== undefined)?.message;
}

async function restart(supervision: Supervision, entry: Entry, wasReady: boolean): Promise<void> {
  const { deps, stopping } = supervision;
  entry.restarts += 1;
  await deps.clock.sleep(restartAfterMs, stopping.signal);
  if (stopping.signal.aborted) return;
  launch(supervision, entry);
  if (wasReady) void untilReady(supervision, entry);
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
