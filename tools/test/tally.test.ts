import { expect, test } from "vitest";
import { addTallies, closingLine, exitStatus, withFailureOfRunner } from "./tally.ts";

test("tallies add up and the closing line has exactly one form", () => {
  const sum = addTallies([
    { passed: 3, failed: 0, skipped: 1 },
    { passed: 40, failed: 2, skipped: 0 },
  ]);
  expect(closingLine(sum)).toBe("43 passed, 2 failed, 1 skipped");
  expect(closingLine(addTallies([]))).toBe("0 passed, 0 failed, 0 skipped");
});

test.each([
  [{ passed: 1, failed: 0, skipped: 9 }, 0],
  [{ passed: 9, failed: 1, skipped: 0 }, 1],
  [{ passed: 0, failed: 0, skipped: 9 }, 1],
  [{ passed: 0, failed: 0, skipped: 0 }, 1],
])("%o ends with status %i", (tally, status) => {
  expect(exitStatus(tally)).toBe(status);
});

test("a runner that ended badly counts once, and not on top of its failed tests", () => {
  const account = { passed: 5, failed: 0, skipped: 0, failures: [], skips: [] };
  expect(withFailureOfRunner(account, "unit", "exit status 1")).toMatchObject({
    failed: 1,
    failures: ["unit: exit status 1"],
  });
  expect(withFailureOfRunner({ ...account, failed: 2 }, "unit", "exit status 1").failed).toBe(2);
  expect(withFailureOfRunner(account, "unit", null).failed).toBe(0);
});
