import { ERRORS, type ErrorCode } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { exitCodeMeanings, exitCodeOf, exitCodes } from "./exitCodes.ts";

test("every code has one number and one meaning", () => {
  const numbers = Object.values(exitCodes);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Object.keys(exitCodeMeanings)).toEqual(Object.keys(exitCodes));
});

test("no error of the catalogue ends with success, and the chain's end with their own code", () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const chain = ERRORS[code].chain !== undefined;
    const exitCode = exitCodeOf({ code, chain });
    expect(exitCode).toBeGreaterThan(0);
    if (chain) expect(exitCode).toBe(exitCodes.protocol);
  }
});
