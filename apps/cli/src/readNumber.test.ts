import { expect, test } from "vitest";
import { readCount, readCountIfGiven, readDecimal } from "./readNumber.ts";

const usage = expect.objectContaining({ code: "USAGE_INVALID" });

test("whole numbers within their range are read, anything else is refused", () => {
  expect(readCount("--steps", "200", { min: 1, max: 200 })).toBe(200);
  expect(readCountIfGiven("--threads", undefined, { min: 1, max: 64 })).toBeUndefined();
  for (const text of ["", "0", "201", "1.5", "-1", "1e2", "0x10", " 3", "9".repeat(20)]) {
    expect(() => readCount("--steps", text, { min: 1, max: 200 })).toThrow(usage);
  }
});

test("decimals become whole numbers of small units", () => {
  const read = (text: string) => readDecimal("--temperature", text, 3, { min: 0, max: 10_000 });
  expect(["0", "0.8", "1.25", "0.001", "10"].map(read)).toEqual([0, 800, 1250, 1, 10_000]);
  for (const text of ["", ".5", "1.", "0.0001", "10.001", "-1", "1e1", "1,5"]) {
    expect(() => read(text)).toThrow(usage);
  }
});
