import { expect, test } from "vitest";
import { createRecallCheck, type RecallCheck } from "./checkRecalls.ts";
import { createHealth } from "./createHealth.ts";
import type { JudgedVersion } from "./judgeVersions.ts";
import { blockWith } from "./testing/blockWith.ts";

/** One that sums work 10, of which the judge says whether it is wrong, and one that was trained from it. */
function versions(wrong: readonly bigint[]): JudgedVersion[] {
  const first = { id: 1n, parentId: 0n, poolId: 1n, round: 1, wrong };
  return [first, { id: 2n, parentId: 1n, poolId: 1n, round: 2, wrong: [] }];
}

function setup(wrong: readonly bigint[]) {
  const health = createHealth();
  const checks = createRecallCheck([{ health }]);
  checks.after(blockWith(5n, "EventOperatorSet", {}), versions(wrong));
  return { checks, health };
}

function recall(checks: RecallCheck, id: bigint): string[] {
  const fields = { adapter_id: String(id), status: "ADAPTER_STATUS_RECALLED" };
  return checks.after(blockWith(20n, "EventAdapterStatusChanged", fields), []);
}

function convict(checks: RecallCheck): void {
  const fields = { submission_id: "10", status: "SUBMISSION_STATUS_FAULTY" };
  checks.after(blockWith(9n, "EventSubmissionChanged", fields), []);
  const inquiry = { submission_id: "10", case_id: "3", end_height: "33" };
  checks.after(blockWith(9n, "EventInquiryOpened", inquiry), []);
}

test("a version of right work that is recalled is found, however its miner lost its case", () => {
  const { checks } = setup([]);
  convict(checks);
  expect(recall(checks, 1n)).toEqual(["version 1 is right and was recalled"]);
  expect(recall(checks, 2n)).toEqual(["version 2 is right and was recalled"]);
});

test("wrong work that was convicted recalls its version and what was trained from it", () => {
  const { checks } = setup([10n]);
  expect(recall(checks, 1n)).toHaveLength(1);
  convict(checks);
  expect([...recall(checks, 1n), ...recall(checks, 2n)]).toEqual([]);
  expect(checks.atEnd()).toEqual([]);
});

test("a wrong sum recalls its version, and only once a case has shown it", () => {
  const { checks } = setup([]);
  const opened = { case_id: "3", kind: "CASE_KIND_AGGREGATE", pool_id: "1", round: 1 };
  checks.after(blockWith(8n, "EventCaseOpened", opened), []);
  expect(recall(checks, 2n)).toHaveLength(1);
  const closed = { case_id: "3", outcome: "CASE_OUTCOME_CONVICTED" };
  checks.after(blockWith(9n, "EventCaseClosed", closed), []);
  expect(recall(checks, 2n)).toEqual([]);
});

test("wrong work that was convicted and stays in its version is found at the end", () => {
  const { checks, health } = setup([10n]);
  expect(checks.atEnd()).toEqual([]);
  convict(checks);
  expect(checks.atEnd()).toEqual(["version 1 was not recalled for 10"]);
  // A verifier could not look in time.
  for (let height = 12n; height <= 30n; height += 1n) health.ail(height, "stall");
  expect(checks.atEnd()).toEqual([]);
});
