import { expect, test } from "vitest";
import { createHeights } from "./createHeights.ts";

test("a height is reached when it or a later one was seen", async () => {
  const heights = createHeights();
  const reached: number[] = [];
  for (const height of [3, 5, 7]) {
    void heights.reached(BigInt(height)).then(() => reached.push(height));
  }
  const noted = async (height: bigint) => {
    heights.note(height);
    await new Promise((resolve) => setImmediate(resolve));
    return [...reached];
  };
  expect(await noted(2n)).toEqual([]);
  expect(await noted(6n)).toEqual([3, 5]);
  expect(await noted(7n)).toEqual([3, 5, 7]);
  await heights.reached(7n);
  expect(heights.newest()).toBe(7n);
});
