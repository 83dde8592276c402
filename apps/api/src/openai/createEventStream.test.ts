import { expect, test, vi } from "vitest";
import { createEventStream } from "./createEventStream.ts";

function setup() {
  const onGone = vi.fn();
  const events = createEventStream(onGone);
  const parts: string[] = [];
  events.readable.setEncoding("utf8").on("data", (part: string) => parts.push(part));
  const ended = new Promise((resolve) => events.readable.once("end", resolve));
  return { events, parts, ended, onGone };
}

test("what is told in one turn goes together, in its order, and what comes later goes later", async () => {
  const { events, parts, ended, onGone } = setup();
  events.data({ token: 1 });
  events.data({ token: 2 });
  await new Promise(setImmediate);
  events.data({ token: 3 });
  events.done();
  await ended;
  expect(parts).toEqual([
    'data: {"token":1}\n\ndata: {"token":2}\n\n',
    'data: {"token":3}\n\ndata: [DONE]\n\n',
  ]);
  expect(onGone).not.toHaveBeenCalled();
});

test("a stream that breaks off says why, and has no [DONE]", async () => {
  const { events, parts, ended } = setup();
  events.data({ token: 1 });
  events.abort({ error: "it ended" });
  await ended;
  expect(parts.join("")).toBe('data: {"token":1}\n\ndata: {"error":"it ended"}\n\n');
});

test("a client that leaves, or reads nothing while much waits, is told of once", async () => {
  const left = setup();
  left.events.readable.destroy();
  left.events.data({ token: 1 });
  await new Promise(setImmediate);
  expect(left.onGone).toHaveBeenCalledOnce();
  const onGone = vi.fn();
  const unread = createEventStream(onGone);
  for (let i = 0; i < 20; i += 1) {
    unread.data({ text: "x".repeat(100_000) });
    await new Promise(setImmediate);
  }
  expect(unread.readable.destroyed).toBe(true);
  expect(onGone).toHaveBeenCalledOnce();
});
