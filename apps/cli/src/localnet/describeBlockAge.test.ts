import { expect, test } from "vitest";
import { describeBlockAge } from "./describeBlockAge.ts";

const hours = 3_600_000;

test.each([
  [400, undefined, "block 0.4 s ago", false],
  [-3_000, undefined, "block 0.0 s ago", false],
  [5 * hours, undefined, "block 5 h ago", true],
  [5 * hours, false, "block 5 h ago", true],
  [5 * hours + 1_900, true, "this machine's clock is 5 h ahead of the chain's", true],
  [-5 * hours, undefined, "this machine's clock is 5 h behind the chain's", true],
] as const)(
  "of a block %d ms old, where blocks are seen to come: %s",
  (ms, isMoving, text, isOdd) => {
    expect(describeBlockAge(ms, isMoving)).toEqual({ text, isOdd });
  },
);
