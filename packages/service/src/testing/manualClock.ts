/** A clock that stands still until it is told to move. For tests. */
import type { Clock } from "../clock.ts";

export type ManualClock = Clock & {
  /** Moves time by `ms` and wakes every sleeper whose time has come, in the order of their times. */
  readonly advance: (ms: number) => Promise<void>;
};

type Sleeper = { readonly wakesAtMs: number; readonly wake: () => void };

export function manualClock(startMs = 0): ManualClock {
  let nowMs = startMs;
  let sleepers: readonly Sleeper[] = [];

  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted || ms <= 0) return resolve();
        const sleeper: Sleeper = { wakesAtMs: nowMs + ms, wake: resolve };
        sleepers = [...sleepers, sleeper];
        signal?.addEventListener("abort", () => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          resolve();
        });
      }),
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      for (let next = earliest(untilMs); next !== undefined; next = earliest(untilMs)) {
        nowMs = next.wakesAtMs;
        sleepers = sleepers.filter((other) => other !== next);
        next.wake();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
  };

  function earliest(untilMs: number): Sleeper | undefined {
    return sleepers
      .filter((sleeper) => sleeper.wakesAtMs <= untilMs)
      .sort((left, right) => left.wakesAtMs - right.wakesAtMs)[0];
  }
}

// Code that was woken may take several microtasks before it sleeps again.
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
