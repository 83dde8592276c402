/**
 * Several workers of one model as one, each with the backbone, its adapters and its caches in memory, so that requests use as many
 * processors. A request goes to the worker that met its beginning last, unless that one has clearly more to do than another; else
 * to the one that has least to do, of equal ones the first. It is refused for want of room only where none has any. It must not compute
 * or queue anything itself.
 */
import type { InferenceRequest } from "@r3mes/inference";
import { assert } from "@r3mes/protocol";
import { type ModelWorker, refused } from "./createModelWorker.ts";
import { queueFull } from "./createPendingRequests.ts";
import { createPrefixHomes } from "./createPrefixHomes.ts";

/** Beginnings of texts that are led to where they were met: those of some hundred long texts. */
const blocksMax = 16_384;
/** Requests by which a worker that met a beginning may be busier than another: one more in a run costs less than the beginning. */
const busierMax = 1;

export function createModelWorkers(workers: readonly ModelWorker[]): ModelWorker {
  assert(workers.length > 0, "there is a worker");
  const homes = createPrefixHomes<ModelWorker>({ blocksMax });
  const sum = (of: (worker: ModelWorker) => number) =>
    workers.reduce((total, worker) => total + of(worker), 0);
  const waiting = () => sum((worker) => worker.load().waiting);

  /** Whether nobody who is ready has room; where nobody is ready, whoever is asked says that. */
  function isFull(asker: string): boolean {
    const ready = workers.filter((worker) => worker.isReady());
    return ready.length > 0 && ready.every((worker) => worker.isFull(asker));
  }

  /** Where none is ready, any says so. */
  function leastLoaded(asker: string): ModelWorker {
    const ready = workers.filter((worker) => worker.isReady() && !worker.isFull(asker));
    return ready.reduce(
      (least, next) => (loadOf(next) < loadOf(least) ? next : least),
      ready[0] ?? workers[0]!,
    );
  }

  function workerFor({ adapter, prompt }: InferenceRequest, asker: string): ModelWorker {
    const least = leastLoaded(asker);
    const home = homes.find(adapter, prompt);
    const isFree = home?.isReady() === true && !home.isFull(asker);
    const chosen = isFree && loadOf(home) <= loadOf(least) + busierMax ? home : least;
    homes.remember(adapter, prompt, chosen);
    return chosen;
  }

  return {
    // Nobody waits in vain: what waits is told of all of them together.
    ask: (request, options) =>
      isFull(options.asker)
        ? refused(queueFull(waiting()))
        : workerFor(request, options.asker).ask(request, options),
    embed: (tokens, adapter, asker) =>
      isFull(asker)
        ? refused(queueFull(waiting()))
        : leastLoaded(asker).embed(tokens, adapter, asker),
    load: () => ({ active: sum((worker) => worker.load().active), waiting: waiting() }),
    isReady: () => workers.some((worker) => worker.isReady()),
    isFull,
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
