/**
 * Asks until the node has what it was seen to have. Behind one address there may be several nodes, and one that is some blocks behind another
 * catches up; a chain that was begun anew does not, or is told by its blocks.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Clock, Logger, Shutdown } from "@r3mes/service";

export interface UntilCaughtUpDeps {
  readonly clock: Pick<Clock, "monotonicMs" | "sleep">;
  readonly log: Pick<Logger, "warn">;
  readonly shutdown: Pick<Shutdown, "signal">;
}

const retryMs = 500;
/** A node that is behind for longer than this is not merely behind. */
const behindMsMax = 60_000;

/** Repeats `run` for a minute while it fails by CHAIN_WENT_BACK. Ends with the signal, by its reason. */
export async function untilCaughtUp<T>(
  { clock, log, shutdown: { signal } }: UntilCaughtUpDeps,
  run: () => Promise<T>,
): Promise<T> {
  const overdueAtMs = clock.monotonicMs() + behindMsMax;
  for (let isTold = false; ; isTold = true) {
    signal.throwIfAborted();
    try {
      return await run();
    } catch (error) {
      const isBehind = error instanceof R3mesError && error.code === "CHAIN_WENT_BACK";
      if (!isBehind || clock.monotonicMs() >= overdueAtMs) throw error;
      if (!isTold) log.warn({ error }, "a node that is behind; waiting for it");
      await clock.sleep(retryMs, signal);
    }
  }
}
