/**
 * Several workers of one model as one, each with the backbone, its adapters and its caches in memory, so that requests use as many
 * processors. A request goes to the worker that has least to do, of equal ones to the first: who asks alone meets the beginnings of
 * texts that this one keeps. It must not compute or queue anything itself.
 */
import { assert } from "@r3mes/protocol";
import type { ModelWorker } from "./createModelWorker.ts";

export function createModelWorkers(workers: readonly ModelWorker[]): ModelWorker {
  assert(workers.length > 0, "there is a worker");
  const sum = (of: (worker: ModelWorker) => number) =>
    workers.reduce((total, worker) => total + of(worker), 0);

  /** Where none is ready, any says so. */
  function leastLoaded(): ModelWorker {
    const ready = workers.filter((worker) => worker.isReady());
    return ready.reduce(
      (least, next) => (loadOf(next) < loadOf(least) ? next : least),
      ready[0] ?? workers[0]!,
    );
  }

  return {
    ask: (request, handlers) => leastLoaded().ask(request, handlers),
    embed: (tokens, adapter) => leastLoaded().embed(tokens, adapter),
    load: () => ({
      active: sum((worker) => worker.load().active),
      waiting: sum((worker) => worker.load().waiting),
    }),
    isReady: () => workers.some((worker) => worker.isReady()),
    restarts: () => sum((worker) => worker.restarts()),
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
}

function loadOf(worker: ModelWorker): number {
  const { active, waiting } = worker.load();
  return active + waiting;
}
