import { expect, test } from "vitest";
import { generateLimits, limitFaults, readLimits } from "./limits.ts";
import { repositoryRoot, staleOutputs } from "./outputs.ts";

const sound = { name: "bMax", value: 1, unit: "bytes", reason: "A reason." };

test("the limits of the repository are sound and their outputs are current", () => {
  expect(limitFaults(readLimits())).toEqual([]);
  expect(staleOutputs(generateLimits(readLimits()), repositoryRoot)).toEqual([]);
});

test.each([
  ["a repeated name", [sound, sound], "bMax is listed twice"],
  ["an unsorted name", [sound, { ...sound, name: "aMax" }], "aMax must stand before bMax"],
  ["a fraction", [{ ...sound, value: 1.5 }], "bMax: 1.5 is no whole number"],
  ["a missing unit", [{ ...sound, unit: "" }], "bMax has no unit"],
  ["a missing reason", [{ ...sound, reason: "" }], "bMax has no reason"],
  ["an unknown field", [{ ...sound, max: 2 }], "bMax has unknown fields max"],
  ["a name that is not camelCase", [{ ...sound, name: "B_MAX" }], "B_MAX is not camelCase"],
])("%s is refused", (_case, entries, fault) => {
  expect(limitFaults(entries)).toContain(fault);
  expect(() => generateLimits(entries)).toThrow(fault);
});
