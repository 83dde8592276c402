/** How fast this device has trained so far, in multiply-adds: what a miner may promise. Nothing is assumed before its first step. */

export interface Speed {
  /** Notes a chunk of this much work. Returns how long it took: where it began before the one before it ended, from that end. */
  record(work: bigint, chunk: { readonly beganMs: number; readonly endedMs: number }): number;
  /** Notes that the steps of a chunk in hand, this much work, took so long: a device that is slower than it was is known at once. */
  noteSteps(work: bigint, stepsMs: number): void;
  /**
   * Milliseconds that so many chunks of so much work will take, one behind the other, to the end of the last; undefined before anything was
   * measured, and where that was long ago.
   */
  estimateMs(work: bigint, chunks: number): number | undefined;
}

/** Newer chunks weigh more: a device slows down when others want it too. */
const newestWeight = 0.5;

/** A machine that slept, or was busy, seems too slow for any lease, and would never be asked again. */
const forgottenMs = 3_600_000;

/** What a unit of work takes. */
interface Pace {
  /** From the end of one chunk to the end of the next. */
  readonly msPerUnit: number;
  /** Of a chunk's own time what passed before the end of the one before it: the last of several has it behind it, and so has one alone. */
  readonly besideMsPerUnit: number;
  readonly atMs: number;
}

/** `monotonicMs` is milliseconds on a scale that only grows. */
export function createSpeed(monotonicMs: () => number): Speed {
  let last: Pace | undefined;
  let lastEndedMs = Number.NEGATIVE_INFINITY;
  const known = () =>
    last !== undefined && monotonicMs() - last.atMs < forgottenMs ? last : undefined;
  return {
    record(work, { beganMs, endedMs }) {
      const ms = endedMs - Math.max(beganMs, lastEndedMs);
      lastEndedMs = endedMs;
      const before = known();
      const mixed = (part: "msPerUnit" | "besideMsPerUnit", measuredMs: number) => {
        const measured = measuredMs / Number(work);
        return (before?.[part] ?? measured) * (1 - newestWeight) + measured * newestWeight;
      };
      last = {
        msPerUnit: mixed("msPerUnit", ms),
        besideMsPerUnit: mixed("besideMsPerUnit", endedMs - beganMs - ms),
        atMs: monotonicMs(),
      };
      return ms;
    },
    noteSteps(work, stepsMs) {
      const msPerUnit = stepsMs / Number(work);
      const { msPerUnit: before = 0, besideMsPerUnit = 0 } = known() ?? {};
      if (msPerUnit >= before) last = { msPerUnit, besideMsPerUnit, atMs: monotonicMs() };
    },
    estimateMs(work, chunks) {
      const pace = known();
      return pace && Number(work) * (pace.msPerUnit * chunks + pace.besideMsPerUnit);
    },
  };
}
