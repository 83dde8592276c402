import { expect, test } from "vitest";
import { contradictions } from "./contradictions.ts";

test("a second promise about one thing is found, and other records are not", () => {
  const records = [
    { kind: "work", lease: "1", salt: "a" },
    { kind: "work", lease: "2", salt: "a" },
    { kind: "signed", bytes: "00" },
    { kind: "sum", pool: "1", round: 2, leftOut: [], window: 0 },
    { kind: "sum", pool: "1", round: 2, leftOut: ["9"], window: 0 },
    { kind: "sum", pool: "1", round: 2, leftOut: ["9"], window: 1 },
    { kind: "finding", submission: "1", wrong: "update" },
    { kind: "finding", submission: "2" },
    { kind: "work", lease: "1", salt: "b" },
    { kind: "finding", submission: "1" },
    { kind: "sum", pool: "1", round: 2, leftOut: ["9"], window: 0 },
  ];
  expect(contradictions(records)).toEqual([
    "work for lease 1",
    "finding about 1",
    'sum of round 2 of pool 1, without ["9"], after 0 windows',
  ]);
  expect(contradictions(records.slice(0, 8))).toEqual([]);
});
