import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createOutbox } from "./createOutbox.ts";
import type { RequestNews } from "./messages.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const piece = (id: number, text: string): RequestNews => ({ kind: "piece", id, piece: { text } });

function open() {
  const sent: (readonly RequestNews[])[] = [];
  const send = (news: readonly RequestNews[]) => void sent.push(news);
  const outbox = createOutbox({ holdMs: 4 }, { nowMs: () => Date.now(), send });
  return { outbox, sent };
}

test("a first piece goes at once, and those that follow it soon go together", () => {
  const { outbox, sent } = open();
  for (const text of ["a", "b", "c"]) outbox.add(piece(1, text));
  expect(sent).toEqual([[piece(1, "a")]]);
  vi.advanceTimersByTime(4);
  expect(sent.slice(1)).toEqual([[piece(1, "b"), piece(1, "c")]]);
  vi.advanceTimersByTime(100);
  expect(sent.length).toBe(2);
  outbox.add(piece(1, "d"));
  expect(sent.slice(2)).toEqual([[piece(1, "d")]]);
});

test("a piece behind a beginning does not wait for it", () => {
  const { outbox, sent } = open();
  outbox.add({ kind: "begin", id: 1 });
  outbox.add(piece(1, "a"));
  expect(sent).toEqual([[{ kind: "begin", id: 1 }], [piece(1, "a")]]);
});

test("a first piece does not wait for those of others, nor hold them up", () => {
  const { outbox, sent } = open();
  outbox.add(piece(1, "a"));
  outbox.add(piece(1, "b"));
  const begin: RequestNews = { kind: "begin", id: 2 };
  outbox.add(begin);
  outbox.add(piece(1, "c"));
  outbox.add(piece(2, "x"));
  outbox.add(piece(2, "y"));
  expect(sent).toEqual([[piece(1, "a")], [piece(1, "b"), begin], [piece(1, "c"), piece(2, "x")]]);
  vi.advanceTimersByTime(4);
  expect(sent.slice(3)).toEqual([[piece(2, "y")]]);
});

test("an end goes at once, behind the pieces that wait, and leaves nothing to be sent again", () => {
  const { outbox, sent } = open();
  const end: RequestNews = { kind: "end", id: 1, end: undefined };
  outbox.add(piece(1, "a"));
  outbox.add(piece(2, "b"));
  outbox.add(end);
  expect(sent).toEqual([[piece(1, "a")], [piece(2, "b"), end]]);
  vi.advanceTimersByTime(100);
  expect(sent.length).toBe(2);
});
