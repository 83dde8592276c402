import { expect, test } from "vitest";
import { createPunctuality } from "./createPunctuality.ts";

test("a process that missed heights is doubted for a while, and then trusted again", () => {
  const { isPunctual } = createPunctuality(false);
  expect([1n, 2n, 5n].map(isPunctual)).toEqual([true, true, true]);
  expect(isPunctual(9n)).toBe(false);
  const later = Array.from({ length: 20 }, (_, i) => BigInt(10 + i));
  expect(later.filter((height) => !isPunctual(height))).toEqual(later.slice(0, 15));
});

test("a process that has just come back is doubted as well", () => {
  const { isPunctual } = createPunctuality(true);
  const heights = Array.from({ length: 20 }, (_, i) => BigInt(100 + i));
  expect(heights.filter((height) => !isPunctual(height))).toEqual(heights.slice(0, 16));
});
