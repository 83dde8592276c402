import { afterEach, expect, test, vi } from "vitest";
import { memoryRates } from "./rates.ts";

const hourMs = 3_600_000;

afterEach(() => void vi.useRealTimers());

test("who may do no more is told when a minute has passed since the first", async () => {
  vi.useFakeTimers();
  const admit = memoryRates().limiter("ask", 2);
  expect(await admit("a")).toEqual({ limit: 2, remaining: 1, resetS: 60 });
  vi.advanceTimersByTime(20_000);
  expect(await admit("a")).toEqual({ limit: 2, remaining: 0, resetS: 40 });
  await expect(admit("a")).rejects.toMatchObject({
    ...{ code: "RATE_EXCEEDED", facts: { limit: 2, retryAfterS: 40 } },
  });
  expect(await admit("b")).toMatchObject({ remaining: 1 });
  vi.advanceTimersByTime(40_000);
  expect(await admit("a")).toMatchObject({ remaining: 1 });
});

test("nobody is told to wait for longer than a minute when the clock was set back", async () => {
  vi.useFakeTimers();
  const admit = memoryRates().limiter("ask", 2);
  await admit("a");
  vi.setSystemTime(Date.now() - hourMs);
  expect(await admit("a")).toMatchObject({ resetS: 60 });
  await expect(admit("a")).rejects.toMatchObject({ facts: { retryAfterS: 60 } });
  vi.advanceTimersByTime(60_000);
  expect(await admit("a")).toMatchObject({ remaining: 1 });
});
