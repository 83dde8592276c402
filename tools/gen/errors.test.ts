import { expect, test } from "vitest";
import { catalogueFaults, generateErrors, readErrors } from "./errors.ts";
import { repositoryRoot, staleOutputs } from "./outputs.ts";

const sound = { code: "B_CODE", title: "A title", cause: "A cause.", remedy: "A remedy." };

test("the catalogue of the repository is sound and its outputs are current", () => {
  expect(catalogueFaults(readErrors())).toEqual([]);
  expect(staleOutputs(generateErrors(readErrors()), repositoryRoot)).toEqual([]);
});

test("a stale output is named", () => {
  const outputs = generateErrors([{ ...sound, chain: 2 }]);
  expect(staleOutputs(outputs, repositoryRoot)).toEqual(Object.keys(outputs));
});

test.each([
  ["a repeated code", [sound, sound], "B_CODE is listed twice"],
  ["an unsorted code", [sound, { ...sound, code: "A_CODE" }], "A_CODE must stand before B_CODE"],
  ["a missing sentence", [{ ...sound, remedy: " " }], "B_CODE has no remedy"],
  [
    "a remedy without a full stop",
    [{ ...sound, remedy: "Wait" }],
    "B_CODE: remedy is not a sentence",
  ],
  [
    "a remedy that asks the chain and names no command",
    [{ ...sound, remedy: "Query the round for its phase." }],
    "B_CODE: a remedy that asks the chain names the command that does",
  ],
  ["a lower-case code", [{ ...sound, code: "bCode" }], "bCode is not UPPER_SNAKE_CASE"],
  [
    "number 1, which the SDK reserves",
    [{ ...sound, chain: 1 }],
    "B_CODE: chain numbers are whole and at least 2",
  ],
  [
    "a shared number",
    [
      { ...sound, chain: 2 },
      { ...sound, code: "C_CODE", chain: 2 },
    ],
    "C_CODE and B_CODE share number 2",
  ],
  [
    "a placeholder in a chain title",
    [{ ...sound, title: "No {lease}", chain: 2 }],
    "B_CODE: a chain title takes no placeholders",
  ],
  ["an unknown field", [{ ...sound, fix: "x" }], "B_CODE has unknown fields fix"],
])("%s is refused", (_case, entries, fault) => {
  expect(catalogueFaults(entries)).toContain(fault);
  expect(() => generateErrors(entries)).toThrow(fault);
});
