import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { type FollowHeightsDeps, followHeights } from "./followHeights.ts";

type Answer = bigint | Error;

/** A node that gives these answers, one each time it is asked, and then ends the loop. */
function setup(answers: readonly Answer[], chainId = "test-1", nowMs = () => 0) {
  const ending = new AbortController();
  const told: string[] = [];
  const left = [...answers];
  const deps: FollowHeightsDeps = {
    chainId: "test-1",
    rpc: {
      async status() {
        const answer = left.shift();
        if (answer instanceof Error) throw answer;
        if (left.length === 0) ending.abort();
        return { chainId, latestHeight: answer } as Awaited<
          ReturnType<FollowHeightsDeps["rpc"]["status"]>
        >;
      },
    },
    clock: {
      sleep: async () => undefined,
      monotonicMs: nowMs,
    } as unknown as FollowHeightsDeps["clock"],
    log: {
      info: (text: string) => told.push(text),
      warn: (_facts: unknown, text: string) => told.push(text),
    } as unknown as FollowHeightsDeps["log"],
    shutdown: { signal: ending.signal },
  };
  return { deps, told };
}

async function heights(deps: FollowHeightsDeps): Promise<bigint[]> {
  const seen: bigint[] = [];
  for await (const height of followHeights(deps)) seen.push(height);
  return seen;
}

test("a node that is away or refuses for a while is waited for, and that is said once", async () => {
  const away = new R3mesError({ code: "NODE_UNREACHABLE", url: "u", reason: "refused" });
  const busy = new R3mesError({ code: "NODE_ANSWERED_ERROR", url: "u", answer: "starting" });
  const { deps, told } = setup([1n, away, busy, away, 2n, 2n, 3n]);
  expect(await heights(deps)).toEqual([1n, 2n, 3n]);
  expect(told).toEqual(["no height from the node; waiting for it", "node reached again"]);
});

test("a node of another chain is an error", async () => {
  const { deps } = setup([1n], "other-1");
  await expect(heights(deps)).rejects.toMatchObject({
    code: "CHAIN_ID_WRONG",
    facts: { expected: "test-1", actual: "other-1" },
  });
});

test("a node that is blocks behind is waited for, and then has to know the block that was known", async () => {
  await expect(heights(setup([5n, 4n, 6n]).deps)).resolves.toEqual([5n, 6n]);
  const { deps, told } = setup([9n, 6n, 6n, 7n, 9n, 10n]);
  const looked: bigint[] = [];
  const lookForKnownBlock = async () => looked.push(1n);
  expect(await heights({ ...deps, lookForKnownBlock })).toEqual([9n, 10n]);
  expect(looked).toHaveLength(1);
  expect(told).toEqual(["a node that is behind; waiting for it"]);
});

test("a chain that was begun anew is an error, when it stays behind and when it has grown", async () => {
  let nowMs = 0;
  const ages = () => {
    nowMs += 25_000;
    return nowMs;
  };
  await expect(
    heights(setup([5n, 3n, 3n, 3n, 3n, 3n, 3n, 6n], "test-1", ages).deps),
  ).rejects.toMatchObject({ code: "CHAIN_WENT_BACK" });
  const { deps } = setup([9n, 2n, 2n, 12n, 13n]);
  const other = new R3mesError({ code: "JOURNAL_OF_OTHER_CHAIN" });
  const lookForKnownBlock = () => Promise.reject(other);
  await expect(heights({ ...deps, lookForKnownBlock })).rejects.toBe(other);
});

test("the end of the process ends the wait for a node that is behind", async () => {
  const { deps } = setup([9n, 2n, 2n]);
  expect(await heights(deps)).toEqual([9n]);
});
