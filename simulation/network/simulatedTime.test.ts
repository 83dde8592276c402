import { expect, test } from "vitest";
import { createSimulatedTime } from "./simulatedTime.ts";

test("whoever is due wakes in the order of times, then of asking, and may sleep again meanwhile", async () => {
  const { clock, runUntil } = createSimulatedTime();
  const log: string[] = [];
  const sleeper = async (name: string, ...naps: readonly number[]) => {
    for (const ms of naps) {
      await clock.sleep(ms);
      log.push(`${name} at ${clock.nowMs()}`);
    }
  };
  void sleeper("a", 30, 5);
  void sleeper("b", 10, 20, 100);
  void sleeper("c", 30);
  await runUntil(50);
  expect(log).toEqual(["b at 10", "a at 30", "c at 30", "b at 30", "a at 35"]);
  expect(clock.nowMs()).toBe(50);
  await runUntil(130);
  expect(log.at(-1)).toBe("b at 130");
});

test("many sleepers wake in order", async () => {
  const { clock, runUntil } = createSimulatedTime();
  const woken: number[] = [];
  for (let i = 0; i < 200; i += 1) {
    const ms = (i * 73) % 199;
    void clock.sleep(ms).then(() => woken.push(ms));
  }
  await runUntil(1_000);
  expect(woken).toEqual([...woken].sort((a, b) => a - b));
  expect(woken).toHaveLength(200);
});
