import { expect, test } from "vitest";
import { stallWatch } from "./stallWatch.ts";

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
