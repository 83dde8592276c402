/**
 * Keeps what serves adapters of one shape, for so many shapes and never for more: each has programs with a backbone in memory. Whoever
 * comes for another shape waits for the one that was unused for longest to be let go; where all are in use, that one takes nobody new
 * until it is used by nobody, so that a shape that is seldom asked for has its turn among those that are always asked for.
 */
export interface Benches<Shape, Bench> {
  /** Takes the bench of a shape until it is given back; undefined while there is no room for it: `onRoom` tells when there is. */
  take(shape: Shape): { readonly bench: Bench; giveBack(): void } | undefined;
  readonly held: () => readonly Bench[];
  /** Resolves when all are closed. */
  close(): Promise<void>;
}

export interface BenchesOptions {
  readonly shapesMax: number;
}

export interface BenchesDeps<Shape, Bench> {
  readonly keyOf: (shape: Shape) => string;
  readonly make: (shape: Shape) => Bench;
  /** Resolves when its memory is free. */
  readonly end: (bench: Bench) => Promise<void>;
  /** Called when one was let go. */
  readonly onRoom: () => void;
}

interface Held<Bench> {
  readonly bench: Bench;
  users: number;
  /** It takes nobody new. */
  isLeaving: boolean;
  /** Once nobody uses it. */
  ended?: Promise<void>;
}

export function createBenches<Shape, Bench>(
  { shapesMax }: BenchesOptions,
  { keyOf, make, end, onRoom }: BenchesDeps<Shape, Bench>,
): Benches<Shape, Bench> {
  /** Oldest use first: a map keeps the order of insertion. */
  const benches = new Map<string, Held<Bench>>();

  /** One after the other: whoever still finds no room asks again. */
  function makeRoom(): void {
    const all = [...benches.values()];
    if (all.some(({ ended }) => ended !== undefined)) return;
    const oldest =
      all.find(({ users }) => users === 0) ?? all.find(({ isLeaving }) => isLeaving) ?? all[0]!;
    for (const held of all) held.isLeaving = held === oldest;
    letGo(oldest);
  }

  function letGo(held: Held<Bench>): void {
    if (held.isLeaving && held.users === 0) held.ended = endOf(held);
  }

  async function endOf(held: Held<Bench>): Promise<void> {
    await end(held.bench);
    for (const [key, one] of benches) if (one === held) benches.delete(key);
    onRoom();
  }

  return {
    take(shape) {
      const key = keyOf(shape);
      const known = benches.get(key);
      if (known?.isLeaving) return undefined;
      if (known === undefined && benches.size >= shapesMax) {
        makeRoom();
        return undefined;
      }
      const held = known ?? { bench: make(shape), users: 0, isLeaving: false };
      benches.delete(key);
      benches.set(key, held);
      held.users += 1;
      return {
        bench: held.bench,
        giveBack() {
          held.users -= 1;
          letGo(held);
        },
      };
    },
    held: () => [...benches.values()].map(({ bench }) => bench),
    async close() {
      await Promise.all([...benches.values()].map(({ bench, ended }) => ended ?? end(bench)));
    },
  };
}
