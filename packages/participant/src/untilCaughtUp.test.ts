import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { untilCaughtUp } from "./untilCaughtUp.ts";

const behind = () => new R3mesError({ code: "CHAIN_WENT_BACK", seen: 9n, latest: 3n });

/** Every sleep takes as long as it says, by a clock of its own. */
function setup() {
  let nowMs = 0;
  const told: string[] = [];
  const ending = new AbortController();
  const deps = {
    clock: {
      monotonicMs: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms;
      },
    },
    log: { warn: (_: unknown, text: string) => void told.push(text) } as never,
    shutdown: { signal: ending.signal },
  };
  return { deps, told, ending, nowMs: () => nowMs };
}

test("a node that is behind is asked again until it has caught up, and that is told once", async () => {
  const { deps, told } = setup();
  let left = 20;
  const run = async () => {
    left -= 1;
    if (left > 0) throw behind();
    return "caught up";
  };
  expect(await untilCaughtUp(deps, run)).toBe("caught up");
  expect(told).toHaveLength(1);
});

test("after a minute it is no longer behind, but another chain", async () => {
  const { deps, nowMs } = setup();
  const run = () => Promise.reject(behind());
  await expect(untilCaughtUp(deps, run)).rejects.toMatchObject({ code: "CHAIN_WENT_BACK" });
  expect(nowMs()).toBe(60_000);
});

test("any other failure is thrown at once, and the end of the process ends the wait", async () => {
  const { deps, ending, nowMs } = setup();
  const broken = new Error("broken");
  await expect(untilCaughtUp(deps, () => Promise.reject(broken))).rejects.toBe(broken);
  const run = () => {
    ending.abort(new Error("asked to end"));
    return Promise.reject(behind());
  };
  await expect(untilCaughtUp(deps, run)).rejects.toThrow("asked to end");
  expect(nowMs()).toBeLessThan(1_000);
});
