/** Simulates seeds beside each other, each on a thread with a keeper and devices of its own, and gives their reports in order. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { SimulationOptions, SimulationReport } from "./simulate.ts";

/** What a thread can be told. */
export type ThreadedOptions = Omit<SimulationOptions, "onLine" | "onBlock">;

/** `binary` is the keeper's command. A thread that fails fails whatever it has not simulated yet. */
export async function* simulateSeeds(
  runs: readonly ThreadedOptions[],
  { jobs, binary }: { readonly jobs: number; readonly binary: string },
): AsyncGenerator<SimulationReport, void, undefined> {
  const lanes = Array.from({ length: Math.min(jobs, runs.length) }, () => ({
    worker: new Worker(new URL("./seedWorker.ts", import.meta.url), { workerData: binary }),
    last: Promise.resolve() as Promise<unknown>,
  }));
  const reports = runs.map((run, i) => {
    const lane = lanes[i % lanes.length]!;
    const report = lane.last.then(() => simulateOn(lane.worker, run));
    lane.last = report;
    // Whoever waits for an earlier one hears of it in its turn.
    report.catch(() => {});
    return report;
  });
  try {
    for (const report of reports) yield await report;
  } finally {
    for (const { worker } of lanes) worker.postMessage(null);
  }
}

async function simulateOn(worker: Worker, run: ThreadedOptions): Promise<SimulationReport> {
  worker.postMessage(run);
  const [report] = await once(worker, "message");
  return report as SimulationReport;
}
