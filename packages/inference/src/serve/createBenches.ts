/**
 * Keeps what serves adapters of one shape, for so many shapes: each has programs with a backbone in memory. The one that was unused
 * for longest is let go first, and none that is in use.
 */
export interface Benches<Shape, Bench> {
  /** Does a work with the bench of a shape, which is made if there is none. */
  use<Result>(shape: Shape, work: (bench: Bench) => Promise<Result>): Promise<Result>;
  /** Takes the bench of a shape until it is given back. */
  take(shape: Shape): { readonly bench: Bench; giveBack(): void };
  /** Resolves when all that are let go are closed, and those that are left. */
  close(): Promise<void>;
}

export interface BenchesOptions {
  /** Shapes whose bench stays while nobody uses it. */
  readonly shapesMax: number;
}

export interface BenchesDeps<Shape, Bench> {
  readonly keyOf: (shape: Shape) => string;
  readonly make: (shape: Shape) => Bench;
  readonly end: (bench: Bench) => Promise<void>;
}

export function createBenches<Shape, Bench>(
  { shapesMax }: BenchesOptions,
  { keyOf, make, end }: BenchesDeps<Shape, Bench>,
): Benches<Shape, Bench> {
  /** Oldest use first: a map keeps the order of insertion. */
  const benches = new Map<string, { readonly bench: Bench; users: number }>();
  let closing: Promise<void> = Promise.resolve();

  function letGo(): void {
    for (const [key, { bench, users }] of benches) {
      if (benches.size <= shapesMax) return;
      if (users > 0) continue;
      benches.delete(key);
      const ended = end(bench);
      closing = closing.then(() => ended);
    }
  }

  function take(shape: Shape) {
    const key = keyOf(shape);
    const held = benches.get(key) ?? { bench: make(shape), users: 0 };
    benches.delete(key);
    benches.set(key, held);
    held.users += 1;
    letGo();
    return {
      bench: held.bench,
      giveBack() {
        held.users -= 1;
        letGo();
      },
    };
  }

  return {
    take,
    async use(shape, work) {
      const { bench, giveBack } = take(shape);
      try {
        return await work(bench);
      } finally {
        giveBack();
      }
    },
    async close() {
      await Promise.all([closing, ...[...benches.values()].map(({ bench }) => end(bench))]);
    },
  };
}
