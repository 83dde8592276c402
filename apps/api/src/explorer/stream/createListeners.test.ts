import { expect, test } from "vitest";
import { createListeners } from "./createListeners.ts";

test("an address has so many places, all of them together so many, and who leaves makes room", () => {
  const listeners = createListeners({ listenersMax: 3, ofAddressMax: 2 });
  const full = (waiting: number) =>
    expect.objectContaining({ code: "QUEUE_FULL", facts: { waiting, retryAfterS: 15 } });
  const first = listeners.enter("a");
  listeners.enter("a");
  expect(() => listeners.enter("a")).toThrow(full(2));
  const other = listeners.enter("b");
  expect(() => listeners.enter("c")).toThrow(full(3));
  first.abort();
  listeners.enter("a");
  expect(other.signal.aborted).toBe(false);
  listeners.abort();
  expect(other.signal.aborted).toBe(true);
  listeners.enter("c");
});

test("addresses of one network of IPv6 share its places", () => {
  const listeners = createListeners({ listenersMax: 9, ofAddressMax: 1 });
  listeners.enter("2001:db8::1");
  expect(() => listeners.enter("2001:db8::2")).toThrow(
    expect.objectContaining({ code: "QUEUE_FULL" }),
  );
  listeners.enter("2001:db8:0:1::1");
});
