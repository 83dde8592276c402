import { expect, test } from "vitest";
import { clockAgainstBlock } from "./clockAgainstBlock.ts";

const block = 1_795_900_000_000;

test.each([
  [-5_001, "behind"],
  [-5_000, "right"],
  [0, "right"],
  [60_000, "right"],
  [60_001, "ahead"],
] as const)("a clock %d ms ahead of the newest block is taken to be %s", (aheadMs, stands) => {
  expect(clockAgainstBlock(block + aheadMs, block)).toEqual({ stands, byMs: Math.abs(aheadMs) });
});
