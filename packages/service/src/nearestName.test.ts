import { expect, test } from "vitest";
import { nearestName } from "./nearestName.ts";

test.each([
  ["localent", "localnet"],
  ["DOCTER", "doctor"],
  ["verison", "version"],
  ["localnet.port", "localnet.ports"],
  ["mine", undefined],
  ["", undefined],
])("%s means %s", (given, meant) => {
  const known = ["localnet", "doctor", "version", "localnet.ports"];
  expect(nearestName(given, known)).toBe(meant);
});

test("nothing is near when nothing is known", () => {
  expect(nearestName("doctor", [])).toBeUndefined();
});
