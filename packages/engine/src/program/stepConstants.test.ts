import { expect, test } from "vitest";
import { linearRate, stepConstants } from "./stepConstants.ts";

const words = (bytes: Uint8Array) => [...new Int32Array(bytes.slice().buffer)];
const settings = { seed: { low: 4294967295, high: 1 }, learningRate: 7, decay: 9 };

test("the bias corrections follow the floored recurrences and die out at one", () => {
  let a = 2n ** 20n;
  let b = 2n ** 20n;
  for (let t = 1; t <= 200; t++) {
    a = (a * 58982n) >> 16n;
    b = (b * 63n) >> 6n;
    const expected = [-1, 1, 7, 9, Number(2n ** 20n - a), Number(2n ** 20n - b), 0, 0];
    expect(words(stepConstants({ ...settings, t }))).toEqual(expected);
  }
  expect(words(stepConstants({ ...settings, t: 100000 })).slice(4, 6)).toEqual([2 ** 20, 2 ** 20]);
});

test("the linear schedule warms up, falls to its last step, and takes no warm-up as one step", () => {
  const schedule = { peak: 1000, steps: 10, warmUp: 2 };
  const rates = Array.from({ length: 10 }, (_, i) => linearRate(schedule, i + 1));
  expect(rates).toEqual([500, 900, 800, 700, 600, 500, 400, 300, 200, 100]);
  expect(linearRate({ peak: 1000, steps: 4, warmUp: 0 }, 1)).toBe(1000);
});
