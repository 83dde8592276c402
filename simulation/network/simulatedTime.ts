/**
 * Time that only moves when everybody waits. Whoever is due is woken one after another, in the order of their times and of their
 * asking; between two of them everything that can go on without time has gone on.
 */
import type { Clock } from "@r3mes/service";

export interface SimulatedTime {
  readonly clock: Clock;
  /** Wakes all who are due up to `untilMs`; then it is that time. */
  runUntil(untilMs: number): Promise<void>;
}

interface Sleeper {
  readonly wakesAtMs: number;
  readonly order: number;
  readonly wake: () => void;
}

export function createSimulatedTime(): SimulatedTime {
  let nowMs = 0;
  let order = 0;
  const sleepers = createHeap();
  return {
    clock: {
      nowMs: () => nowMs,
      monotonicMs: () => nowMs,
      sleep: (ms, signal) =>
        new Promise((wake) => {
          if (signal?.aborted) return wake();
          signal?.addEventListener("abort", () => wake(), { once: true });
          order += 1;
          sleepers.push({ wakesAtMs: nowMs + Math.max(0, ms), order, wake });
        }),
    },
    async runUntil(untilMs) {
      await settled();
      for (let next = sleepers.first(); next !== undefined; next = sleepers.first()) {
        if (next.wakesAtMs > untilMs) break;
        sleepers.removeFirst();
        nowMs = next.wakesAtMs;
        next.wake();
        await settled();
      }
      nowMs = untilMs;
    },
  };
}

/** Every port of a simulation answers without the host's help, so one turn of the loop lets all that can go on go on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Heap {
  push(sleeper: Sleeper): void;
  first(): Sleeper | undefined;
  removeFirst(): void;
}

function createHeap(): Heap {
  const items: Sleeper[] = [];
  const isBefore = (a: Sleeper, b: Sleeper) =>
    a.wakesAtMs < b.wakesAtMs || (a.wakesAtMs === b.wakesAtMs && a.order < b.order);
  const swap = (i: number, j: number) => {
    [items[i], items[j]] = [items[j]!, items[i]!];
  };
  return {
    first: () => items[0],
    push(sleeper) {
      items.push(sleeper);
      for (let i = items.length - 1; i > 0; ) {
        const parent = (i - 1) >> 1;
        if (!isBefore(items[i]!, items[parent]!)) return;
        swap(i, parent);
        i = parent;
      }
    },
    removeFirst() {
      const last = items.pop()!;
      if (items.length === 0) return;
      items[0] = last;
      for (let i = 0; ; ) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = i;
        if (left < items.length && isBefore(items[left]!, items[least]!)) least = left;
        if (right < items.length && isBefore(items[right]!, items[least]!)) least = right;
        if (least === i) return;
        swap(i, least);
        i = least;
      }
    },
  };
}
