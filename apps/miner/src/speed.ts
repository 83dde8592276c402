/** How fast this device has trained so far, in multiply-adds: what a miner may promise. Nothing is assumed before its first step. */

export interface Speed {
  /** Notes a chunk of this much work. Returns how long it took: where it began before the one before it ended, from that end. */
  record(work: bigint, chunk: { readonly beganMs: number; readonly endedMs: number }): number;
  /** Notes that the steps of a chunk in hand, this much work, took so long: a device that is slower than it was is known at once. */
  noteSteps(work: bigint, stepsMs: number): void;
  /** Milliseconds that so much work will take; undefined before anything was measured, and where that was long ago. */
  estimateMs(work: bigint): number | undefined;
}

/** Newer chunks weigh more: a device slows down when others want it too. */
const newestWeight = 0.5;

/** A machine that slept, or was busy, seems too slow for any lease, and would never be asked again. */
const forgottenMs = 3_600_000;

/** `monotonicMs` is milliseconds on a scale that only grows. */
export function createSpeed(monotonicMs: () => number): Speed {
  let last: { readonly msPerUnit: number; readonly atMs: number } | undefined;
  let lastEndedMs = Number.NEGATIVE_INFINITY;
  const known = () =>
    last !== undefined && monotonicMs() - last.atMs < forgottenMs ? last.msPerUnit : undefined;
  return {
    record(work, { beganMs, endedMs }) {
      const ms = endedMs - Math.max(beganMs, lastEndedMs);
      lastEndedMs = endedMs;
      const measured = ms / Number(work);
      const before = known() ?? measured;
      const msPerUnit = before * (1 - newestWeight) + measured * newestWeight;
      last = { msPerUnit, atMs: monotonicMs() };
      return ms;
    },
    noteSteps(work, stepsMs) {
      const msPerUnit = stepsMs / Number(work);
      if (msPerUnit >= (known() ?? 0)) last = { msPerUnit, atMs: monotonicMs() };
    },
    estimateMs(work) {
      const msPerUnit = known();
      return msPerUnit === undefined ? undefined : msPerUnit * Number(work);
    },
  };
}
