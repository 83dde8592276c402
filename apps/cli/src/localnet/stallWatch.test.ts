import { expect, test } from "vitest";
import { createMotion, stallWatch } from "./stallWatch.ts";

test("a height that lasts is a stall, told once, and the next one ends it", () => {
  const watch = stallWatch();
  expect(watch({ height: 5 }, 1_000)).toBe(null);
  expect(watch({ height: 5 }, 16_000)).toBe(null);
  expect(watch({ height: 5 }, 16_001)).toBe("stalled");
  expect(watch({ height: 5 }, 90_000)).toBe(null);
  expect(watch({ height: 6 }, 90_250)).toBe("moving");
});

test("a chain that does not answer is none that stands still", () => {
  const watch = stallWatch();
  expect(watch({ height: null }, 0)).toBe(null);
  expect(watch({ height: null }, 60_000)).toBe(null);
  expect(watch({ height: 5 }, 60_001)).toBe(null);
});

test("a chain is known to move once a second height was seen, and until none has come for long", () => {
  const isMoving = createMotion();
  expect(isMoving(5, 0)).toBeUndefined();
  expect(isMoving(null, 1_000)).toBeUndefined();
  expect(isMoving(5, 2_000)).toBeUndefined();
  expect(isMoving(6, 3_000)).toBe(true);
  expect(isMoving(6, 18_000)).toBe(true);
  expect(isMoving(6, 18_001)).toBe(false);
});
