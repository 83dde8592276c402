import { manualClock } from "@r3mes/service/testing";
import { expect, test } from "vitest";
import { chainChecks } from "./chainChecks.ts";

/** Asks of a clock that is so far ahead of the newest block. */
async function checkClock(aheadMs: number): Promise<string> {
  const blockMs = 1_795_900_000_000;
  const status = async () => ({
    chainId: "remes-test-1",
    latestHeight: 5n,
    earliestHeight: 1n,
    latestTime: BigInt(blockMs) * 1_000_000n + 7n,
    catchingUp: false,
  });
  const checks = chainChecks({
    rpc: { status },
    database: { sql: {} as never },
    clock: manualClock(blockMs + aheadMs),
  });
  const { check, required } = checks.find(({ name }) => name === "clock")!;
  expect(required).toBe(false);
  return check(new AbortController().signal);
}

test("a clock that disagrees with the chain by more than blocks may is told of, and by how much", async () => {
  for (const aheadMs of [0, -4_000, 50_000]) {
    expect(await checkClock(aheadMs)).toBe("agrees with the newest block");
  }
  await expect(checkClock(-5 * 3_600_000)).rejects.toThrow("18000 s behind the newest block");
  await expect(checkClock(5 * 3_600_000)).rejects.toThrow(
    "18000 s ahead of the newest block, or the chain stands still",
  );
});
