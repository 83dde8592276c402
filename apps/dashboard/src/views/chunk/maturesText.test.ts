import { expect, test } from "vitest";
import { maturesText } from "./maturesText.ts";

test.each([
  ["committed", "some time after it is accepted"],
  ["disputed", "some time after it is accepted"],
  ["accepted", "when its time for challenges has passed"],
  ["faulty", "never"],
] as const)("work that is %s matures %s", (status, text) => {
  expect(maturesText({ status })).toBe(text);
});
