/**
 * What a benchmark is. One lies beside the code it measures, in a file `<name>.bench.ts` that exports
 * `bench`; `npm run --silent bench -- <name>` runs it.
 */

/** Something that can be measured once more. */
export type Contestant = {
  readonly label: string;
  /** One measurement, in the contest's unit. */
  readonly sample: () => number | Promise<number>;
};

/** One question with its answer and the rivals' answers, measured in turn in the same run. */
export type Contest = {
  readonly name: string;
  readonly unit: string;
  readonly ours: Contestant;
  readonly rivals: readonly Contestant[];
  /** Measurements of each contestant; the median counts. */
  readonly rounds: number;
};

export type Bench = {
  /** One sentence for the list. */
  readonly about: string;
  /** Prepares what is measured; what it returns is measured in order. */
  readonly contests: () => readonly Contest[] | Promise<readonly Contest[]>;
};

/** Makes a sample of the wall time of a call, in milliseconds. */
export function elapsedMs(call: () => unknown): () => Promise<number> {
  return async () => {
    const startedAt = performance.now();
    await call();
    return performance.now() - startedAt;
  };
}
