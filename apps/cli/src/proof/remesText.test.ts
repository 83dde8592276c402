import { expect, test } from "vitest";
import { remesText } from "./remesText.ts";

test("decimals end with the last one that counts", () => {
  expect([0n, 1n, 1_000_000n, 12_340_000n].map(remesText)).toEqual(["0", "0.000001", "1", "12.34"]);
});
