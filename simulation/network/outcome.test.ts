import { Fault } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { cheatIncomes, type Outcome, unfair } from "./outcome.ts";

const honest: Outcome = {
  name: "miner-1",
  address: "remes1miner",
  role: "miner",
  kind: "miner",
  isHonest: true,
  mayBePaid: true,
  givesNothing: false,
  change: 9_000_000n,
  credited: 9_100_000n,
  awarded: 0n,
  fines: [],
};
const fine = (fault: Fault, taken: bigint) => ({ fault, taken });
const lazy: Outcome = {
  ...honest,
  name: "cheat-1-lazy",
  kind: "lazy",
  isHonest: false,
  mayBePaid: false,
  change: -1_000_000_000n,
  credited: 0n,
  fines: [fine(Fault.WRONG_STEP, 1_000_000_000n)],
};
const judged = (outcome: Outcome) => unfair(outcome, 1).length;

test("an honest party loses no more than fees and what its own failures were fined", () => {
  expect(judged(honest)).toBe(0);
  expect(judged({ ...honest, change: -200_000n })).toBe(0);
  expect(judged({ ...honest, change: -200_001n })).toBe(1);
  const fines = [fine(Fault.MISSED_BEACON, 100_000_000n)];
  expect(judged({ ...honest, change: -100_000_000n, fines })).toBe(0);
});

test("a cheat has spent more than it has earned, whether it was convicted or not", () => {
  expect(judged(lazy)).toBe(0);
  expect(judged({ ...lazy, change: 0n })).toBe(1);
  expect(judged({ ...lazy, fines: [], change: -50n })).toBe(0);
  expect(judged({ ...lazy, fines: [], change: 1n })).toBe(1);
  // It stood still from the first block to the last.
  expect(judged({ ...lazy, fines: [], change: 0n })).toBe(0);
  expect(judged({ ...lazy, kind: "griefer", role: "griefer", fines: [], change: 1n })).toBe(1);
});

test("a cheat that works at times may keep the pay of that work until it is convicted", () => {
  const copier = { ...lazy, kind: "copier", mayBePaid: true, credited: 80n };
  expect(judged({ ...copier, fines: [], change: 70n })).toBe(0);
  expect(judged({ ...copier, change: 70n })).toBe(1);
});

test("what a convicted cheat was awarded for the fraud of others is no gain of its own fraud", () => {
  const wrongSum = { ...lazy, kind: "wrong-sum", awarded: 1_500n };
  expect(judged({ ...wrongSum, change: 1_400n })).toBe(0);
  expect(judged({ ...wrongSum, change: 1_500n })).toBe(1);
});

test("incomes are told by the kind of cheat, and what they were fined for", () => {
  const unfined = { ...lazy, change: -7n, fines: [fine(Fault.WRONG_STEP, 5n)] };
  expect(cheatIncomes([honest, lazy, unfined])).toEqual({
    lazy: {
      actors: 2,
      credited: 0n,
      fined: 1_000_000_005n,
      faults: { WRONG_STEP: 2 },
      income: -1_000_000_007n,
    },
  });
});
