import { expect, test } from "vitest";
import { createMotion } from "./createMotion.ts";

test("a chain is known to move once a second height was seen, and until none has come for long", () => {
  const isMoving = createMotion();
  expect(isMoving(5, 0)).toBeUndefined();
  expect(isMoving(null, 1_000)).toBeUndefined();
  expect(isMoving(5, 2_000)).toBeUndefined();
  expect(isMoving(6, 3_000)).toBe(true);
  expect(isMoving(6, 18_000)).toBe(true);
  expect(isMoving(6, 18_001)).toBe(false);
});
