/** Asks until there is an answer: a node or a Kubo that is away or busy for a while ends no process that can wait for it. */
import type { Clock, Logger, Shutdown } from "@r3mes/service";
import { isPassing } from "./isPassing.ts";

export interface UntilAnsweredDeps {
  readonly clock: Pick<Clock, "sleep">;
  readonly log: Pick<Logger, "warn">;
  readonly shutdown: Pick<Shutdown, "signal">;
}

const retryMs = 500;

/** Repeats `run` while it fails by what waiting may mend; any other failure is thrown. Ends with the signal, by its reason. */
export async function untilAnswered<T>(
  { clock, log, shutdown: { signal } }: UntilAnsweredDeps,
  run: () => Promise<T>,
): Promise<T> {
  for (let isTold = false; ; isTold = true) {
    signal.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isTold) log.warn({ error }, "no answer; waiting for it");
      await clock.sleep(retryMs, signal);
    }
  }
}
