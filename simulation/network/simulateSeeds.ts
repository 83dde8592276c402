/** Simulates seeds beside each other, each on a thread with a keeper and devices of its own, and gives their reports in order. */
import { on } from "node:events";
import { Worker } from "node:worker_threads";
import type { SimulationOptions, SimulationReport } from "./simulate.ts";

/** What a thread can be told. */
export type ThreadedOptions = Omit<SimulationOptions, "onLine" | "onBlock">;

export interface SeedsPlan {
  /** Threads. */
  readonly jobs: number;
  /** The keeper's command. */
  readonly binary: string;
  /** Told of every line of every event log. */
  readonly onLine?: (line: string) => void;
}

/** A thread that is done with a seed takes the next one. What fails fails for whoever waits for that seed, and ends its thread's part. */
export async function* simulateSeeds(
  runs: readonly ThreadedOptions[],
  { jobs, binary, onLine }: SeedsPlan,
): AsyncGenerator<SimulationReport, void, undefined> {
  const workers = Array.from({ length: Math.min(jobs, runs.length) }, () =>
    openWorker(binary, onLine),
  );
  const free = [...workers];
  const waiting: ((worker: Worker) => void)[] = [];
  const freeWorker = () =>
    new Promise<Worker>((take) => {
      const worker = free.shift();
      if (worker === undefined) waiting.push(take);
      else take(worker);
    });
  const reports = runs.map(async (run) => {
    const worker = await freeWorker();
    const report = await simulateOn(worker, run, onLine);
    waiting.shift()?.(worker);
    return report;
  });
  // Whoever waits for an earlier one hears of a failure in its turn.
  for (const report of reports) report.catch(() => {});
  try {
    for (const report of reports) yield await report;
  } finally {
    waiting.length = 0;
    for (const worker of workers) worker.postMessage(null);
  }
}

function openWorker(binary: string, onLine: SeedsPlan["onLine"]): Worker {
  const workerData = { binary, tellsLines: onLine !== undefined };
  return new Worker(new URL("./seedWorker.ts", import.meta.url), { workerData });
}

/** A thread answers with its lines, which are texts, and its report in the end. */
async function simulateOn(
  worker: Worker,
  run: ThreadedOptions,
  onLine: SeedsPlan["onLine"],
): Promise<SimulationReport> {
  const answers = on(worker, "message", { close: ["exit"] });
  worker.postMessage(run);
  for await (const [answer] of answers) {
    if (typeof answer !== "string") return answer as SimulationReport;
    onLine?.(answer);
  }
  throw new Error(`the thread of seed ${run.seed} ended before its report`);
}
