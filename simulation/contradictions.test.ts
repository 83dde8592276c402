import { expect, test } from "vitest";
import { contradictions } from "./contradictions.ts";

test("a second promise about one thing is found, and other records are not", () => {
  const records = [
    { kind: "work", lease: "1", salt: "a" },
    { kind: "work", lease: "2", salt: "a" },
    { kind: "signed", bytes: "00" },
    { kind: "work", lease: "1", salt: "b" },
  ];
  expect(contradictions(records)).toEqual(["work for lease 1"]);
  expect(contradictions(records.slice(0, 3))).toEqual([]);
});
