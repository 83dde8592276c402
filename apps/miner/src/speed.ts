/** How fast this device has trained so far, in multiply-adds: what a miner may promise. Nothing is assumed before the first chunk. */

export interface Speed {
  /** Notes a chunk of this much work. Returns how long it took: where it began before the one before it ended, from that end. */
  record(work: bigint, chunk: { readonly beganMs: number; readonly endedMs: number }): number;
  /** Milliseconds that so much work will take; undefined before anything was measured. */
  estimateMs(work: bigint): number | undefined;
}

/** Newer chunks weigh more: a device slows down when others want it too. */
const newestWeight = 0.5;

export function createSpeed(): Speed {
  let msPerUnit: number | undefined;
  let lastEndedMs = Number.NEGATIVE_INFINITY;
  return {
    record(work, { beganMs, endedMs }) {
      const ms = endedMs - Math.max(beganMs, lastEndedMs);
      lastEndedMs = endedMs;
      const measured = ms / Number(work);
      msPerUnit =
        msPerUnit === undefined
          ? measured
          : msPerUnit * (1 - newestWeight) + measured * newestWeight;
      return ms;
    },
    estimateMs: (work) => (msPerUnit === undefined ? undefined : msPerUnit * Number(work)),
  };
}
