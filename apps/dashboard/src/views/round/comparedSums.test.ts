import { expect, test } from "vitest";
import { comparedSums } from "./comparedSums.ts";

const adopted = { root: "aa", momentumRoot: "bb" };

test("a sum is the adopted one when both roots are known and equal", () => {
  expect(comparedSums({ root: "aa", momentumRoot: "bb" }, adopted)).toBe("same");
  expect(comparedSums({ root: "aa", momentumRoot: "cc" }, adopted)).toBe("other");
});

test("an unknown root of the momenta is no proof for a sum, and another root of the adapter is one against it", () => {
  expect(comparedSums({ root: "aa", momentumRoot: null }, adopted)).toBe("unknown");
  expect(comparedSums({ root: "aa", momentumRoot: "bb" }, { ...adopted, momentumRoot: null })).toBe(
    "unknown",
  );
  expect(comparedSums({ root: "dd", momentumRoot: null }, adopted)).toBe("other");
});
