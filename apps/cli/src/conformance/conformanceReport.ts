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
  /** Memory of the kernels at most, on a GPU of its buffers; null for the reference. */
  readonly memoryBytes: number | null;
};

/** What a run of random programs finds out about all backends. */
export type FuzzReport = {
  readonly programs: number;
  /** Number of the first program. */
  readonly seed: number;
  readonly failed: readonly {
    readonly backend: string;
    readonly threads: number;
    readonly seed: number;
    /** The first tensor that differs, or the error in its place. */
    readonly tensor: string;
    /** The command that shows it again. */
    readonly replay: string;
  }[];
};

/** What one long run on all backends finds out. */
export type RootsReport = {
  readonly steps: number;
  /** Hex of the state root after the last step, of the first backend. */
  readonly root: string;
  readonly backends: readonly {
    readonly backend: string;
    readonly threads: number;
    readonly root: string;
    /** The first step whose root differs from that of the first backend; null when none does. */
    readonly differsAt: number | null;
    readonly tokensPerSecond: number;
  }[];
  /** Backends that repeated single steps from the state before them. */
  readonly sampled: readonly {
    readonly backend: string;
    readonly steps: readonly number[];
    readonly differsAt: number | null;
  }[];
  /** Tiles of one step that `referee.wasm` computed alone, and names of those that differ. */
  readonly referee: {
    readonly step: number;
    readonly tiles: number;
    readonly failed: readonly string[];
  };
};
