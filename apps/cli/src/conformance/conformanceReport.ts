/** What a conformance run finds out about a backend. */
export type BackendReport = {
  readonly backend: string;
  readonly threads: number;
  /** Cases of the operations that gave the bytes of the vectors. */
  readonly cases: {
    readonly passed: number;
    readonly all: number;
    readonly failed: readonly string[];
  };
  readonly steps: number;
  /** Hex of the state root after the last step. */
  readonly root: string;
  /** Whether cases and root are those of the specification. */
  readonly equal: boolean;
  /** The first step and state tensor that differ from the reference; null when none does. */
  readonly differs: { readonly step: number; readonly tensor: string } | null;
  readonly tokensPerSecond: number;
  /** Memory of the kernels at most; null where nobody counts it: the reference, a GPU. */
  readonly memoryBytes: number | null;
};
