/**
 * Computes together what waits at the same time, in turns of those whom it is from: between two runs anything may join or leave. One
 * run at a time. It must not know what is computed.
 */
import { createTurns } from "./createTurns.ts";

export interface Joiner<Item> {
  /** Adds an item to those that wait; `compute` gets it. */
  add(item: Item, asker: string): void;
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

/** Whom works are from that must not meet a run: they have turns like anybody. */
const nobody = "";

export function createJoiner<Item>(
  { together }: JoinerOptions,
  { pause, isJoined, compute }: JoinerDeps<Item>,
): Joiner<Item> {
  const waiting = createTurns<Waiting<Item>>();
  let isRunning = false;

  function wait(one: Waiting<Item>, asker: string): void {
    waiting.add(one, asker);
    if (!isRunning) void run();
  }

  function takeOthers(): Item[] {
    const others: Item[] = [];
    while (others.length < together - 1) {
      const next = waiting.take((one) => "item" in one && isJoined(one.item));
      if (next === undefined || !("item" in next)) break;
      others.push(next.item);
    }
    return others;
  }

  async function run(): Promise<void> {
    isRunning = true;
    for (await pause(); waiting.size() > 0; await pause()) {
      const first = waiting.take()!;
      if ("work" in first) await first.work();
      else await compute([first.item, ...(isJoined(first.item) ? takeOthers() : [])]);
    }
    isRunning = false;
  }

  return {
    add: (item, asker) => wait({ item }, asker),
    alone: (work) =>
      new Promise((resolve, reject) => {
        wait({ work: () => work().then(resolve, reject) }, nobody);
      }),
  };
}
