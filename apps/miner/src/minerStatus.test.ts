import type { Participant, StatusBoard } from "@r3mes/participant";
import { type Duty, DutyKind } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createMinerStatus, type MinerStatus } from "./minerStatus.ts";

test("the speed that is shown is the one of steps, without the time before a chunk", async () => {
  let nowMs = 0;
  const meter = () => ({ inc() {}, set() {} });
  const participant = {
    address: "miner",
    query: { rewards: async () => ({ amount: 0n }) },
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

test("what matured is asked for once in ten blocks, and everything else is what the miner has found", async () => {
  const asked: string[] = [];
  const meter = () => ({ inc() {}, set() {} });
  const ask = (name: string, answer: object) => async () => {
    asked.push(name);
    return answer;
  };
  const participant = {
    address: "miner",
    query: { rewards: ask("rewards", { amount: 3n }), duties: ask("duties", { duties: [] }) },
    journal: { records: [] },
    metrics: { counter: meter, gauge: meter },
    clock: { monotonicMs: () => 0 },
  } as unknown as Participant;
  const board = {} as StatusBoard;
  const status = createMinerStatus(participant, 5, board);
  const duty = { kind: DutyKind.REVEAL, id: 6n, endHeight: 45n } as Duty;
  for (let height = 30n; height <= 40n; height += 1n) {
    status.looked({ duties: [duty], slowFor: [4n], pausedUntil: 60n });
    await status.refresh(height);
  }
  expect(asked).toEqual(["rewards", "rewards"]);
  expect(board.current).toMatchObject({
    height: 40n,
    duties: [{ what: "reveal", id: 6n, blocksLeft: 5 }],
    slowFor: [4n],
    pausedUntil: 60n,
    earned: { matured: 3n },
  });
});
