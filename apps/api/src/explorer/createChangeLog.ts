/**
 * Which tables of the chain changed, and when by a count of its own, from what the indexer tells with each write. Where something may
 * have been missed, every table did.
 */
import { readTableChange, type TableChange } from "@r3mes/history";

export interface ChangeLog {
  /** What a listener of the database heard. */
  hear(text: string): void;
  /** The tables are now those of `latest`, and were those of `before` until now. */
  advance(before: number, latest: number): void;
  /** Grows with every advance. */
  readonly now: () => number;
  /** Whether each of these tables is what it was at that count. */
  isSince(count: number, tables: Iterable<string>): boolean;
}

export function createChangeLog(): ChangeLog {
  const changedAt = new Map<string, number>();
  let everythingAt = 0;
  let count = 0;
  let heard: TableChange[] = [];

  return {
    hear(text) {
      const change = readTableChange(text);
      if (change !== undefined) heard.push(change);
    },
    advance(before, latest) {
      count += 1;
      // A write that was told of, one behind the other, up to the latest.
      let reached = before;
      for (const { first, last, tables } of heard) {
        if (first <= reached + 1) reached = Math.max(reached, last);
        for (const table of tables) changedAt.set(table, count);
      }
      heard = [];
      if (reached !== latest || latest < before) everythingAt = count;
    },
    now: () => count,
    isSince(at, tables) {
      if (everythingAt > at) return false;
      for (const table of tables) if ((changedAt.get(table) ?? 0) > at) return false;
      return true;
    },
  };
}
