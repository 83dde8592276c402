import { expect, test } from "vitest";
import { median, runContest } from "./runContest.ts";

test("contestants take turns, the first turn is not counted, and ratios are ours over theirs", async () => {
  const turns: string[] = [];
  const contestant = (label: string, samples: number[]) => ({
    label,
    sample: () => {
      turns.push(label);
      return samples.shift()!;
    },
  });
  const figures = await runContest({
    name: "root",
    unit: "ms",
    ours: contestant("a", [900, 2, 9, 3]),
    rivals: [contestant("b", [900, 6, 4, 6]), contestant("c", [900, 1, 1, 1])],
    rounds: 3,
  });
  expect(turns.join("")).toBe("abc".repeat(4));
  expect(figures).toEqual([
    { name: "root", value: 3, unit: "ms", against: "b", ratio: 0.5 },
    { name: "root", value: 3, unit: "ms", against: "c", ratio: 3 },
  ]);
});

test("without a rival there is a figure and no ratio", async () => {
  const ours = { label: "a", sample: async () => 5 };
  expect(await runContest({ name: "root", unit: "MiB", ours, rivals: [], rounds: 2 })).toEqual([
    { name: "root", value: 5, unit: "MiB", against: null, ratio: null },
  ]);
});

test("the median is the middle, by value and not by text", () => {
  expect(median([10, 9, 100])).toBe(10);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
