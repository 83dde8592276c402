import { expect, test } from "vitest";
import { layTable } from "./layTable.ts";

const rows = [
  { case: "1", outcome: "convicted", accused: "cheat-skip-one-1" },
  { case: "12", outcome: "open", accused: "remes1qd" },
];
const plain = (text: string) => text;

test("fields stand under their names", () => {
  expect(layTable(rows, 80, plain)).toEqual([
    "case  outcome    accused",
    "1     convicted  cheat-skip-one-1",
    "12    open       remes1qd",
  ]);
});

test("where a table has no room, each field stands beside its name, and no line is wider", () => {
  const lines = layTable(rows, 24, plain);
  expect(lines).toEqual([
    "case 1",
    "  outcome convicted",
    "  accused",
    "  cheat-skip-one-1",
    "case 12  outcome open",
    "  accused remes1qd",
  ]);
});

test("nothing is no line but that of no names", () => {
  expect(layTable([], 80, plain)).toEqual([""]);
});
