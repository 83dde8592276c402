import { expect, test } from "vitest";
import { createProgressCheck, type Summer } from "./checkProgress.ts";
import { createHealth } from "./createHealth.ts";
import { blockWith } from "./testing/blockWith.ts";

const health = createHealth();
for (let height = 50n; height <= 70n; height += 1n) health.ail(height, "stall");
const verifier: Summer = { health };

function changed(height: bigint, phase: string) {
  const fields = { pool_id: "1", round: 2, end_height: "0", adapter_id: "0" };
  return blockWith(height, "EventRoundPhaseChanged", {
    ...{ ...fields, phase: `ROUND_PHASE_${phase}` },
  });
}

/** A second window is a second change to the same phase. */
function carriedOver(from: bigint, to: bigint): string[] {
  const check = createProgressCheck([verifier]);
  check(changed(from, "AGGREGATION"));
  check(changed((from + to) / 2n, "AGGREGATION"));
  return check(changed(to, "CARRIED_OVER"));
}

test("a sum that nobody makes is found, unless a verifier stood still for too long of its time", () => {
  const broken = (since: bigint) => [
    `round 2 of pool 1 was summed since height ${since} and made no version`,
  ];
  expect(carriedOver(20n, 40n)).toEqual(broken(20n));
  expect(carriedOver(20n, 60n)).toEqual(broken(20n));
  expect(carriedOver(35n, 75n)).toEqual([]);
});

test("a round of which nothing was accepted makes no version", () => {
  const check = createProgressCheck([verifier]);
  expect([...check(changed(10n, "AUDIT")), ...check(changed(20n, "CARRIED_OVER"))]).toEqual([]);
});

test("a round that stands still is found", () => {
  const check = createProgressCheck([verifier]);
  expect(check(changed(10n, "AUDIT"))).toEqual([]);
  const later = blockWith(611n, "EventOperatorSet", {});
  expect(check(later)).toEqual(["no round has changed its phase since height 10"]);
});
