/**
 * Sends what happens to requests in their order, pieces of answers some milliseconds' worth at a time: a small model gives tokens
 * faster than it is worth waking another thread, and a client's socket, for each. Whatever else happens goes at once, behind the pieces
 * that wait; so does the first piece of a request, and one when nothing was sent for that long.
 */
import type { RequestNews } from "./messages.ts";

export interface Outbox {
  add(news: RequestNews): void;
}

export function createOutbox(
  options: { readonly holdMs: number },
  deps: {
    readonly nowMs: () => number;
    readonly send: (news: readonly RequestNews[]) => void;
  },
): Outbox {
  let waiting: RequestNews[] = [];
  /** Requests of which no piece was given yet. */
  const unheard = new Set<number>();
  /** When a piece that had no reason to hurry was last sent. */
  let sentMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    deps.send(waiting);
    waiting = [];
  }

  function flushPieces(): void {
    sentMs = deps.nowMs();
    flush();
  }

  return {
    add(news) {
      waiting.push(news);
      const isFirst = unheard.delete(news.id);
      if (news.kind === "begin") unheard.add(news.id);
      if (news.kind !== "piece") return flush();
      if (isFirst) return flushPieces();
      const leftMs = sentMs + options.holdMs - deps.nowMs();
      if (leftMs <= 0) flushPieces();
      else timer ??= setTimeout(flushPieces, leftMs);
    },
  };
}
