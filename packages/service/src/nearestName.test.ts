import { expect, test } from "vitest";
import { nearestName } from "./nearestName.ts";

test.each([
  ["localent", "localnet"],
  ["DOCTER", "doctor"],
  ["verison", "version"],
  ["localnet.port", "localnet.ports"],
  ["shwo", "show"],
  ["mine", undefined],
  ["st", undefined],
  ["", undefined],
])("%s means %s", (given, meant) => {
  const known = ["localnet", "doctor", "version", "localnet.ports", "show"];
  expect(nearestName(given, known)).toBe(meant);
});

test("of two that are as near the one whose letters were swapped is meant", () => {
  expect(nearestName("lsit", ["init", "list"])).toBe("list");
});

test("nothing is near when nothing is known", () => {
  expect(nearestName("doctor", [])).toBeUndefined();
});
