/**
 * Time as a parameter. Whoever waits or stamps takes a `Clock`, so that a test can own the time.
 * The chain's time is never read from here: it comes from blocks.
 */
export type Clock = {
  /** Wall-clock time in milliseconds since 1970 (UTC). May jump; never measure a duration with it. */
  readonly nowMs: () => number;
  /** Milliseconds on a scale that only grows. Its zero means nothing. */
  readonly monotonicMs: () => number;
  /** Resolves after `ms` milliseconds. An aborted signal ends the wait early, without an error. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};
