import { expect, test } from "vitest";
import { untilEnded } from "./untilEnded.ts";

/** A clock that goes on by itself when somebody sleeps, and processes that end at these times. */
function setup(endsMs: Readonly<Record<string, number>>, allEndedMs: number) {
  let nowMs = 0;
  const clock = {
    monotonicMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms;
    },
  };
  const shown = new Set<string>();
  const waiting = {
    isAlive: () => nowMs < allEndedMs,
    left: () => Object.keys(endsMs).filter((name) => nowMs < endsMs[name]!),
    show: (line: string) => void shown.add(line),
    quietMs: 10_000,
  };
  return { waiting, clock, shown };
}

test("as long as something ends, it is waited for, and told", async () => {
  const { waiting, clock, shown } = setup({ "miner-1": 9_000, chain: 18_000 }, 27_000);
  expect(await untilEnded(waiting, clock)).toBeNull();
  expect([...shown]).toEqual(["still ending: miner-1, chain", "still ending: chain", "ending"]);
});

test("what does not end is given up, and it is said for how long nothing changed", async () => {
  const { waiting, clock } = setup({ chain: 4_000 }, Number.POSITIVE_INFINITY);
  expect(await untilEnded(waiting, clock)).toBe(10);
  expect(clock.monotonicMs()).toBeGreaterThan(14_000);
});

test("what is not there any more is not waited for", async () => {
  const { waiting, clock, shown } = setup({}, 0);
  expect(await untilEnded(waiting, clock)).toBeNull();
  expect(shown.size).toBe(0);
});
