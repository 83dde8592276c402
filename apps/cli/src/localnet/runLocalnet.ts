/**
 * Runs a prepared localnet in the foreground until it is told to stop or one of its processes ends.
 * Resolves when no process is left.
 */
import { R3mesError } from "@r3mes/protocol";
import {
  type Clock,
  createShutdown,
  identify,
  makeFolder,
  type ShutdownDeps,
} from "@r3mes/service";
import { describeNetwork } from "./localnetNetwork.ts";
import type { LocalnetPaths } from "./localnetPaths.ts";
import { type LocalnetState, readLocalnetState } from "./localnetState.ts";
import { type LocalnetStatus, noTraining, readLocalnetStatus } from "./localnetStatus.ts";
import { localnetUrls } from "./localnetUrls.ts";
import type { LocalnetView } from "./localnetView.ts";
import type { ProcessReport, ProcessSpec } from "./processSpec.ts";
import { readTraining } from "./readTraining.ts";
import { requireFreeBytes } from "./requireFreeBytes.ts";
import { removeRunRecord, writeRunRecord } from "./runRecord.ts";
import { type SuperviseDeps, supervise } from "./supervise.ts";

export type LocalnetRun = {
  readonly paths: LocalnetPaths;
  readonly state: LocalnetState;
  /** The processes of a state, configured for this start. */
  readonly toSpecs: (state: LocalnetState) => readonly ProcessSpec[];
};

export type LocalnetDeps = {
  readonly clock: Clock;
  readonly view: LocalnetView;
  readonly signals: ShutdownDeps["signals"];
  /** Lets go of ports for a process that is about to start. */
  readonly letGo: SuperviseDeps["letGo"];
  /** Ends this process at once. */
  readonly exit: (code: number) => void;
  /** Called when this process ends, however it does, for what can be done at once. */
  readonly onExit: (listener: () => void) => void;
};

/** Stopping takes up to this long before what is left is killed; a user waits 5 s at most. */
const stopWithinMs = 4_000;
const shutdownDeadlineMs = 10_000;
const pollMs = 1_000;
/** Some dozens of questions to the node; rounds last longer than this. */
const trainingEveryMs = 5_000;
/** Below this the localnet stops in order, while there is still room to do so. */
const freeBytesMin = 64 * 2 ** 20;

/** Null when it was asked to stop, else what went wrong. */
export async function runLocalnet(
  { paths, state, toSpecs }: LocalnetRun,
  { clock, view, signals, letGo, exit, onExit }: LocalnetDeps,
): Promise<R3mesError | null> {
  makeFolder(paths.logs);
  const startedAtMs = clock.nowMs();
  let status: LocalnetStatus = {
    chainId: state.chainId,
    height: null,
    blockTimeMs: null,
    peers: null,
    startedAtMs,
    processes: [],
    urls: localnetUrls(state),
    home: paths.home,
    logs: paths.logs,
    ...noTraining,
  };
  let training = noTraining;
  let trainingAtMs = Number.NEGATIVE_INFINITY;
  let failure: R3mesError | null = null;
  const fail = (error: R3mesError): void => {
    // What happens to processes that are being stopped is no failure of theirs.
    if (!shutdown.signal.aborted) failure = error;
    void shutdown.begin(error.code);
  };
  const onChange = (processes: readonly ProcessReport[]): void => {
    status = { ...status, processes };
    const error = record(paths.runFile, startedAtMs, processes);
    view.show(status);
    if (error !== null) fail(error);
  };
  const supervisor = supervise(
    toSpecs(state),
    { logs: paths.logs, stopWithinMs },
    { clock, onChange, letGo },
  );
  onExit(supervisor.kill);
  const shutdown = createShutdown({ clock, signals, forceExit: exit });
  shutdown.add({ name: "record", deadlineMs: 1_000, run: () => removeRunRecord(paths.runFile) });
  shutdown.add({ name: "processes", deadlineMs: shutdownDeadlineMs, run: supervisor.stop });

  void supervisor.failed.then(fail);
  void supervisor.ready.then(follow).catch((error: unknown) => {
    if (!(error instanceof R3mesError)) throw error;
    fail(error);
  });
  shutdown.signal.addEventListener("abort", () => view.stopping(failure?.code ?? "asked to stop"));

  await shutdown.done;
  shutdown.dispose();
  view.stopped(status.height);
  return failure;

  /** Throws LOCALNET_STATE_CORRUPT where a file of the localnet is damaged meanwhile. */
  async function follow(): Promise<void> {
    await refresh();
    if (!shutdown.signal.aborted) view.ready(status);
    while (!shutdown.signal.aborted) {
      await clock.sleep(pollMs, shutdown.signal);
      await refresh();
      watchDisk();
      addNewcomers();
      // Once the end has begun, only the processes that end are shown.
      if (!shutdown.signal.aborted) view.show(status);
    }
  }

  /** `r3mes localnet add` writes a newcomer into the state; here it is started. */
  function addNewcomers(): void {
    const running = new Set(supervisor.processes().map(({ name }) => name));
    const current = readLocalnetState(paths);
    if (current === null || current.processes.every(({ name }) => running.has(name))) return;
    for (const spec of toSpecs(current)) {
      if (!running.has(spec.name)) supervisor.add(spec);
    }
  }

  function watchDisk(): void {
    const error = failureOf(() => requireFreeBytes(paths.home, freeBytesMin));
    if (error !== null) fail(error);
  }

  /** A node that does not answer leaves what was known; its age shows in the height. */
  async function refreshTraining(): Promise<void> {
    if (clock.monotonicMs() - trainingAtMs < trainingEveryMs) return;
    trainingAtMs = clock.monotonicMs();
    const current = readLocalnetState(paths) ?? state;
    training = await readTraining(describeNetwork(paths, current)).catch(() => training);
  }

  async function refresh(): Promise<void> {
    const run = { startedAtMs, processes: supervisor.processes() };
    await refreshTraining();
    const fresh = await readLocalnetStatus(state, paths, run, training);
    // A node that does not answer keeps its last height; its age tells how long ago that was.
    const known = fresh.height === null ? status : fresh;
    const { height, blockTimeMs } = known;
    status = { ...fresh, height, blockTimeMs, processes: supervisor.processes() };
  }
}

/** Null when it is written, else why not: a full disk must stop the localnet in order. */
function record(
  path: string,
  startedAtMs: number,
  processes: readonly ProcessReport[],
): R3mesError | null {
  const identified = processes.map(({ name, state, pid, restarts, reason }) => ({
    name,
    state,
    restarts,
    ...(reason === undefined ? {} : { reason }),
    process: pid === null ? null : identify(pid),
  }));
  const supervisor = identify(process.pid);
  return failureOf(() => writeRunRecord(path, { supervisor, startedAtMs, processes: identified }));
}

function failureOf(attempt: () => void): R3mesError | null {
  try {
    attempt();
    return null;
  } catch (error) {
    if (error instanceof R3mesError) return error;
    throw error;
  }
}
