import { describe, expect, test } from "vitest";
import { memoryRates } from "./rates.ts";
import { accessCases, accessOn } from "./testing/accessCases.ts";

describe("rates in memory", () => {
  for (const [behaviour, check] of Object.entries(accessCases)) {
    test(behaviour, () => check(memoryRates()));
  }
});

test("without a key nothing is admitted", async () => {
  const nobody = { authorization: undefined, address: "127.0.0.1" };
  await expect(accessOn(memoryRates(), {}).admit(nobody, "inference")).rejects.toThrow(
    expect.objectContaining({ code: "KEY_MISSING" }),
  );
});
