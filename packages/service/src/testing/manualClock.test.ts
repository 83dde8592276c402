import { expect, test } from "vitest";
import { manualClock } from "./manualClock.ts";

test("sleepers wake in the order of their times and see their own time", async () => {
  const clock = manualClock(1_000);
  const woken: string[] = [];
  const sleepAndTell = async (name: string, ms: number) => {
    await clock.sleep(ms);
    woken.push(`${name} at ${clock.nowMs()}`);
  };
  void sleepAndTell("late", 300);
  void sleepAndTell("early", 100);
  void sleepAndTell("never", 301);

  await clock.advance(300);
  expect(woken).toEqual(["early at 1100", "late at 1300"]);
});

test("a sleeper that sleeps again wakes twice within one advance", async () => {
  const clock = manualClock();
  let wakes = 0;
  void (async () => {
    for (;;) {
      await clock.sleep(10);
      wakes += 1;
    }
  })();
  await clock.advance(35);
  expect(wakes).toBe(3);
});

test("an aborted sleeper is forgotten", async () => {
  const clock = manualClock();
  const controller = new AbortController();
  const asleep = clock.sleep(10, controller.signal);
  controller.abort();
  await asleep;
  expect(clock.nowMs()).toBe(0);
});
