import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { untilAnswered } from "./untilAnswered.ts";

function setup() {
  const ending = new AbortController();
  let told = 0;
  const deps = {
    clock: { sleep: async () => undefined },
    log: {
      warn() {
        told += 1;
      },
    },
    shutdown: { signal: ending.signal },
  } as never;
  return { deps, ending, told: () => told };
}

const away = () => new R3mesError({ code: "NODE_UNREACHABLE", url: "u", reason: "refused" });

test("a node that is away is asked again, and that is said once", async () => {
  const { deps, told } = setup();
  let times = 0;
  const answer = await untilAnswered(deps, async () => {
    times += 1;
    if (times < 3) throw away();
    return times;
  });
  expect([answer, told()]).toEqual([3, 1]);
});

test("any other failure is not waited for, and the end of the process ends the waiting", async () => {
  const { deps, ending } = setup();
  const refused = new R3mesError({ code: "POOL_NOT_FOUND", pool: 1n });
  await expect(untilAnswered(deps, () => Promise.reject(refused))).rejects.toBe(refused);
  const waiting = untilAnswered(deps, async () => {
    ending.abort(new Error("the end"));
    throw away();
  });
  await expect(waiting).rejects.toThrow("the end");
});
