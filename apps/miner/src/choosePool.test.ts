import { type Pool, PoolStatus, type Round, RoundPhase } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { type Candidate, type Conditions, choosePool } from "./choosePool.ts";
import { createSpeed } from "./speed.ts";

const conditions: Conditions = {
  height: 100n,
  leased: 0,
  blockMs: 1_000,
  estimateMs: () => undefined,
};

type Changes = {
  readonly pool?: object;
  readonly round?: object;
  readonly work?: bigint;
  readonly pay?: bigint;
};

function candidate(id: bigint, { pool, round, work, pay }: Changes = {}): Candidate {
  return {
    pool: {
      id,
      status: PoolStatus.OPEN,
      chunksPerRound: 3,
      leaseBlocks: 30,
      ...pool,
    } as Pool,
    round: {
      phase: RoundPhase.TRAINING,
      trainingEndHeight: 150n,
      nextPosition: 1,
      leased: 0,
      committed: 0,
      ...round,
    } as Round,
    work: work ?? 1_000n,
    pay: pay ?? 10n,
  };
}

test("the pool that pays most for its work is chosen", () => {
  const large = candidate(2n, { pay: 30n, work: 4_000n });
  expect(choosePool([candidate(1n), large], conditions)).toEqual({ pool: 1n });
  const dear = candidate(3n, { pay: 50n, work: 4_000n });
  expect(choosePool([candidate(1n), large, dear], conditions)).toEqual({ pool: 3n });
});

test("every pool that offers nothing is told with its reason", () => {
  const pools = [
    candidate(1n, { pool: { status: PoolStatus.CLOSING } }),
    candidate(2n, { round: { phase: RoundPhase.AUDIT } }),
    candidate(3n, { round: { nextPosition: 3, leased: 1, committed: 2 } }),
  ];
  expect(choosePool(pools, conditions)).toEqual({
    pool: null,
    reasons: [
      { pool: 1n, why: "closed" },
      { pool: 2n, why: "not in training" },
      { pool: 3n, why: "no chunk left" },
    ],
  });
});

test("a chunk whose lease ran out is there for whoever comes", () => {
  const expired = candidate(1n, { round: { nextPosition: 3, leased: 1, committed: 1 } });
  expect(choosePool([expired], conditions)).toEqual({ pool: 1n });
});

test("no chunk is leased that cannot be finished before its lease or the round's training ends", () => {
  const slow: Conditions = { ...conditions, estimateMs: (_, chunks) => 25_000 * chunks };
  expect(choosePool([candidate(1n)], slow)).toMatchObject({
    reasons: [{ pool: 1n, why: "device too slow" }],
  });
  expect(choosePool([candidate(1n)], { ...slow, blockMs: 2_000 })).toEqual({ pool: 1n });
  const ending = candidate(1n, { round: { trainingEndHeight: 105n } });
  const quick: Conditions = { ...conditions, estimateMs: (_, chunks) => 9_000 * chunks };
  expect(choosePool([ending], quick)).toMatchObject({ reasons: [{ why: "too little time" }] });
  const resting = candidate(1n, { round: { trainingEndHeight: 0n } });
  expect(choosePool([resting], quick)).toEqual({ pool: 1n });
  expect(choosePool([resting], slow)).toMatchObject({ reasons: [{ why: "device too slow" }] });
});

test("a chunk waits for those that are leased already, and time must do for all", () => {
  const able: Conditions = { ...conditions, estimateMs: (_, chunks) => 9_000 * chunks, leased: 1 };
  expect(choosePool([candidate(1n)], able)).toEqual({ pool: 1n });
  expect(choosePool([candidate(1n)], { ...able, leased: 2 })).toMatchObject({
    reasons: [{ why: "too little time" }],
  });
});

test("a device whose speed nobody knows tries one chunk alone", () => {
  const unknown = { ...conditions, estimateMs: () => undefined };
  expect(choosePool([candidate(1n)], unknown)).toEqual({ pool: 1n });
  expect(choosePool([candidate(1n)], { ...unknown, leased: 1 })).toMatchObject({
    reasons: [{ why: "speed not known yet" }],
  });
});

test("speed is what was measured, the newest most, and unknown before", () => {
  const speed = createSpeed(() => 0);
  expect(speed.estimateMs(10n, 1)).toBeUndefined();
  expect(speed.record(1_000n, { beganMs: 0, endedMs: 2_000 })).toBe(2_000);
  expect(speed.estimateMs(500n, 1)).toBe(1_000);
  expect(speed.record(1_000n, { beganMs: 3_000, endedMs: 7_000 })).toBe(4_000);
  expect(speed.estimateMs(500n, 1)).toBe(1_500);
});

test("a chunk that was begun before the end of another took the time from that end", () => {
  const speed = createSpeed(() => 0);
  speed.record(1_000n, { beganMs: 0, endedMs: 2_000 });
  expect(speed.record(1_000n, { beganMs: 1_500, endedMs: 3_800 })).toBe(1_800);
});

test("of chunks that overlap the last, or one alone, takes all of its own time", () => {
  const speed = createSpeed(() => 0);
  // Each has the device for 1 s, and its end is hashed and published for another, beside the steps of the next.
  for (let chunk = 0; chunk < 20; chunk += 1) {
    speed.record(1_000n, { beganMs: 1_000 * chunk, endedMs: 1_000 * chunk + 2_000 });
  }
  expect(Math.round(speed.estimateMs(1_000n, 1)!)).toBe(2_000);
  expect(Math.round(speed.estimateMs(1_000n, 3)!)).toBe(4_000);
  // With a margin of a half, one that takes 2 s is not leased where 1.9 s are left.
  const ending = candidate(1n, { pool: { leaseBlocks: 40 }, round: { trainingEndHeight: 119n } });
  const now = { ...conditions, blockMs: 100, estimateMs: speed.estimateMs };
  expect(choosePool([ending], now)).toMatchObject({ reasons: [{ why: "too little time" }] });
});

test("steps of a chunk in hand tell of a device that is slower than it was, and never of a faster one", () => {
  const speed = createSpeed(() => 0);
  speed.noteSteps(100n, 400);
  expect(speed.estimateMs(800n, 1)).toBe(3_200);
  speed.record(800n, { beganMs: 0, endedMs: 4_800 });
  expect(speed.estimateMs(800n, 1)).toBe(4_000);
  speed.noteSteps(100n, 400);
  expect(speed.estimateMs(800n, 1)).toBe(4_000);
  speed.noteSteps(100n, 4_000);
  expect(speed.estimateMs(800n, 1)).toBe(32_000);
});

test("what was measured an hour ago is not known any more: a machine that slept is tried again", () => {
  let nowMs = 0;
  const speed = createSpeed(() => nowMs);
  speed.record(1n, { beganMs: 0, endedMs: 90_000 });
  nowMs = 3_599_999;
  expect(speed.estimateMs(1n, 1)).toBe(90_000);
  nowMs += 1;
  expect(speed.estimateMs(1n, 1)).toBeUndefined();
  speed.record(1n, { beganMs: nowMs, endedMs: nowMs + 1_000 });
  expect(speed.estimateMs(1n, 1)).toBe(1_000);
});
