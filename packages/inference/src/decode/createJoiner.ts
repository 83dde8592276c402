/**
 * Computes together what waits at the same time, in the order in which it came: between two runs anything may join or leave. One
 * run at a time. It must not know what is computed.
 */
export interface Joiner<Item> {
  /** Adds an item to those that wait; `compute` gets it. */
  add(item: Item): void;
  /** Runs a work that must not meet a run. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface JoinerOptions {
  /** Most items of one run. */
  readonly together: number;
}

export interface JoinerDeps<Item> {
  /** Lets the host do something else before the next run, such as bring more items. */
  readonly pause: () => Promise<void>;
  /** Whether an item can be computed with others; else it has a run of its own. */
  readonly isJoined: (item: Item) => boolean;
  /** Must tell whoever waits how it went, and not reject. */
  readonly compute: (items: readonly Item[]) => Promise<void>;
}

type Waiting<Item> = { readonly item: Item } | { readonly work: () => Promise<void> };

export function createJoiner<Item>(
  { together }: JoinerOptions,
  { pause, isJoined, compute }: JoinerDeps<Item>,
): Joiner<Item> {
  let waiting: Waiting<Item>[] = [];
  let isRunning = false;

  function wait(one: Waiting<Item>): void {
    waiting.push(one);
    if (!isRunning) void run();
  }

  async function run(): Promise<void> {
    isRunning = true;
    for (await pause(); waiting.length > 0; await pause()) {
      const first = waiting[0]!;
      const joined =
        "item" in first && isJoined(first.item)
          ? waiting.filter((one) => "item" in one && isJoined(one.item)).slice(0, together)
          : [first];
      waiting = waiting.filter((one) => !joined.includes(one));
      if ("work" in first) await first.work();
      else await compute(joined.flatMap((one) => ("item" in one ? [one.item] : [])));
    }
    isRunning = false;
  }

  return {
    add: (item) => wait({ item }),
    alone: (work) =>
      new Promise((resolve, reject) => {
        wait({ work: () => work().then(resolve, reject) });
      }),
  };
}
