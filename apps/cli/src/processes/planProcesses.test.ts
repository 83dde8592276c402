import { expect, test } from "vitest";
import { isAdded, planProcesses } from "./planProcesses.ts";

test("what a localnet has by itself was not added; one more of a kind was, and every cheat", () => {
  expect(planProcesses().filter(isAdded)).toEqual([]);
  expect(isAdded({ name: "miner-4", kind: "miner" })).toBe(true);
  expect(isAdded({ name: "cheat-copy-1", kind: "cheat-copy" })).toBe(true);
});
