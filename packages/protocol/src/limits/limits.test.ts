import { expect, test } from "vitest";
import { LIMIT_UNITS, LIMITS, type LimitName } from "../gen/limits.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { checkLimit } from "./checkLimit.ts";

test("the limits are those of the vector, and no others", () => {
  const vector = readVectors("limits/limits.json").map(({ name, value }) => [name, Number(value)]);
  expect(LIMITS).toEqual(Object.fromEntries(vector));
  expect(Object.keys(LIMIT_UNITS)).toEqual(Object.keys(LIMITS));
});

test("every limit admits its value and refuses one more", () => {
  for (const name of Object.keys(LIMITS) as LimitName[]) {
    expect(refusalOf(() => checkLimit(name, LIMITS[name]))).toBeUndefined();
    expect(refusalOf(() => checkLimit(name, LIMITS[name] + 1))).toBe("LIMIT_EXCEEDED");
  }
});

test("a refusal says which limit, its unit and what was found", () => {
  expect(() => checkLimit("cidBytes", 37)).toThrow("cidBytes is limited to 36 bytes; found 37");
});
