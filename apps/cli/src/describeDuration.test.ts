import { expect, test } from "vitest";
import { describeDuration } from "./describeDuration.ts";

test.each([
  [0, "0 s"],
  [12_400, "12 s"],
  [59_500, "1 min"],
  [150_000, "2 min 30 s"],
  [18_001_900, "5 h"],
  [7_500_000, "2 h 5 min"],
  [90_000_000, "1 d 1 h"],
])("%d ms are %s", (ms, text) => expect(describeDuration(ms)).toBe(text));
