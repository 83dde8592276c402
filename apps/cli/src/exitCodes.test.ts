import { ERRORS, type ErrorCode } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { exitCodeMeanings, exitCodeOf, exitCodes } from "./exitCodes.ts";

test("every code has one number and one meaning", () => {
  const numbers = Object.values(exitCodes);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(Object.keys(exitCodeMeanings)).toEqual(Object.keys(exitCodes));
});

test("no error of the catalogue ends with success, and every exit code is that of some error", () => {
  const ends = (Object.keys(ERRORS) as ErrorCode[]).map(codeOf);
  expect(new Set([exitCodes.ok, ...ends])).toEqual(new Set(Object.values(exitCodes)));
  expect(ends).not.toContain(exitCodes.ok);
});

test.each([
  ["NODE_UNREACHABLE", exitCodes.network],
  ["KEYSTORE_PASSWORD_WRONG", exitCodes.key],
  ["FUNDS_INSUFFICIENT", exitCodes.funds],
  ["LEASE_EXPIRED", exitCodes.protocol],
  ["CHAIN_REFUSED", exitCodes.protocol],
  ["TRAINING_INTERRUPTED", exitCodes.failed],
] as const)("%s ends with %i", (code, exitCode) => expect(codeOf(code)).toBe(exitCode));

function codeOf(code: ErrorCode) {
  return exitCodeOf({ code, chain: ERRORS[code].chain !== undefined });
}
