import type { Participant, StatusBoard } from "@r3mes/participant";
import { expect, test } from "vitest";
import { createMinerStatus, type MinerStatus } from "./minerStatus.ts";

test("the speed that is shown is the one of steps, without the time before a chunk", async () => {
  let nowMs = 0;
  const meter = () => ({ inc() {}, set() {} });
  const participant = {
    address: "miner",
    query: { duties: async () => ({ duties: [] }), rewards: async () => ({ rewards: [] }) },
    journal: { records: [], append: async () => {} },
    metrics: { counter: meter, gauge: meter },
    clock: { monotonicMs: () => nowMs },
    submit: async () => {},
  } as unknown as Participant;
  const board = {} as StatusBoard;
  const status = createMinerStatus(participant, 1, board);
  await status.refresh(5n);
  const speedAfter = (ms: number, lease: bigint, t: number) => {
    nowMs += ms;
    status.step({ lease, t, steps: 4, tokens: 100, loss: 0n });
    return (board.current as MinerStatus).chunk?.tokensPerSecond;
  };
  // A minute to lease and fetch, then a second a step; an hour without work, then two seconds a step.
  expect([speedAfter(60_000, 1n, 1), speedAfter(1_000, 1n, 2)]).toEqual([undefined, 100]);
  expect([speedAfter(1_000, 1n, 3), speedAfter(1_000, 1n, 4)]).toEqual([100, undefined]);
  expect([speedAfter(3_600_000, 2n, 1), speedAfter(2_000, 2n, 2)]).toEqual([100, 50]);
});
