import { expect, test } from "vitest";
import { logProbabilities } from "./logProbabilities.ts";

const bit = 65536;

test("probabilities are those of the scores", () => {
  // Halves, then quarters: 1/2, 1/4, 1/4.
  const { chosen, top } = logProbabilities(Int32Array.of(-bit, 0, -bit), 1, 3);
  expect(chosen.logProbability).toBeCloseTo(Math.log(1 / 2), 10);
  expect(top.map(({ token }) => token)).toEqual([1, 0, 2]);
  expect(top[2]!.logProbability).toBeCloseTo(Math.log(1 / 4), 10);
});

test("the likeliest come by falling score, and of equal ones the smallest first", () => {
  const scores = Int32Array.of(5, 9, 9, -4, 7, 9);
  const tokens = (count: number) =>
    logProbabilities(scores, 0, count).top.map(({ token }) => token);
  expect(tokens(0)).toEqual([]);
  expect(tokens(2)).toEqual([1, 2]);
  expect(tokens(4)).toEqual([1, 2, 5, 4]);
  expect(tokens(9)).toEqual([1, 2, 5, 4, 0, 3]);
});

test("extreme scores give finite numbers", () => {
  const { top } = logProbabilities(Int32Array.of(2 ** 31 - 1, -(2 ** 31)), 1, 2);
  expect(top[0]!.logProbability).toBeCloseTo(0, 10);
  expect(Number.isFinite(top[1]!.logProbability)).toBe(true);
});
