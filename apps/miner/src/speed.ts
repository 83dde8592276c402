/** How fast this device has trained so far, in multiply-adds: what a miner may promise. Nothing is assumed before the first chunk. */

export interface Speed {
  /** A chunk of this much work took so long. */
  record(work: bigint, ms: number): void;
  /** Milliseconds that so much work will take; undefined before anything was measured. */
  estimateMs(work: bigint): number | undefined;
}

/** Newer chunks weigh more: a device slows down when others want it too. */
const newestWeight = 0.5;

export function createSpeed(): Speed {
  let msPerUnit: number | undefined;
  return {
    record(work, ms) {
      const measured = ms / Number(work);
      msPerUnit =
        msPerUnit === undefined
          ? measured
          : msPerUnit * (1 - newestWeight) + measured * newestWeight;
    },
    estimateMs: (work) => (msPerUnit === undefined ? undefined : msPerUnit * Number(work)),
  };
}
