import { expect, test } from "vitest";
import { systemClock } from "./systemClock.ts";

test("a sleep lasts at least as long as asked on the scale that only grows", async () => {
  const start = systemClock.monotonicMs();
  await systemClock.sleep(20);
  // Timers of Node may fire up to one millisecond early on the finer scale.
  expect(systemClock.monotonicMs() - start).toBeGreaterThanOrEqual(19);
});

test("an abort ends a sleep that would outlast the test", async () => {
  const controller = new AbortController();
  const asleep = systemClock.sleep(3_600_000, controller.signal);
  controller.abort();
  await asleep;
  await systemClock.sleep(3_600_000, controller.signal);
});
