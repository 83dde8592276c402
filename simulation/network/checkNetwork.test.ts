import { Fault } from "@r3mes/protocol/messages";
import type { JournalRecord } from "@r3mes/service";
import { expect, test } from "vitest";
import { createNetworkChecks, type NetworkChecks, type Watched } from "./checkNetwork.ts";
import { createHealth } from "./createHealth.ts";
import type { MadeBlock } from "./simulatedNode.ts";
import { blockWith } from "./testing/blockWith.ts";

const honest: Watched = {
  name: "honest",
  address: "remes1honest",
  role: "verifier",
  isHonest: true,
  mayBePaid: true,
  givesNothing: false,
  records: () => [
    { kind: "sum", pool: "1", round: 1, root: "aa" },
    { kind: "secret", epoch: "3" },
  ],
  health: createHealth(),
};
for (let height = 50n; height <= 70n; height += 1n) honest.health.ail(height, "stall");
const cheat: Watched = {
  ...honest,
  name: "cheat",
  address: "remes1cheat",
  role: "miner",
  isHonest: false,
  mayBePaid: false,
};

function fine(height: bigint, fault: string, offender: string): MadeBlock {
  return blockWith(height, "EventSlashed", { fault, subject: "7", offender, taken: "100" });
}

const check = (block: MadeBlock) => createNetworkChecks([honest, cheat]).after(block);

/** Of the honest one, at the end of an epoch's reveals. */
function missedBeacon(checks: NetworkChecks, from: bigint, to: bigint) {
  const epoch = { epoch: "7", reveal_end_height: String(to) };
  return [
    ...checks.after(blockWith(from, "EventEpochStarted", epoch)),
    ...checks.after(fine(to, "FAULT_MISSED_BEACON", honest.address)),
  ];
}

test("an honest party may be fined for what it could not do, and for nothing else", () => {
  const checks = createNetworkChecks([honest, cheat]);
  expect(missedBeacon(checks, 48n, 59n)).toEqual([]);
  expect([...checks.excused]).toEqual([["MISSED_BEACON after stall", 1]]);
  // It came back in time, or was away before.
  expect(missedBeacon(checks, 65n, 80n)).toEqual([
    "honest is honest and was fined for MISSED_BEACON 7, fit in 6 blocks",
  ]);
  expect(missedBeacon(checks, 40n, 51n)).toHaveLength(1);
  expect(checks.after(fine(60n, "FAULT_WRONG_VERDICT", honest.address))).toEqual([
    "honest is honest and was fined for WRONG_VERDICT 7",
  ]);
  expect(checks.after(fine(60n, "FAULT_WRONG_STEP", cheat.address))).toEqual([]);
  expect(checks.honestSlashed()).toBe(3);
  const taken = checks.fines.get(honest.address)!.map((one) => [one.fault, one.taken]);
  const [beacon, verdict] = [Fault.MISSED_BEACON, Fault.WRONG_VERDICT];
  expect(taken).toEqual([
    [beacon, 100n],
    [beacon, 100n],
    [beacon, 100n],
    [verdict, 100n],
  ]);
});

test("a case that an honest party has lost by its clock is excused where it was not fit in its turns", () => {
  const lost = (from: bigint, to: bigint, outcome: string) => {
    const checks = createNetworkChecks([honest, cheat]);
    const parties = { case_id: "3", defender: honest.address, challenger: cheat.address };
    checks.after(blockWith(from, "EventCaseOpened", parties));
    checks.after(blockWith(from, "EventCaseMoved", { case_id: "3", to_move: honest.address }));
    const fields = { fault: "FAULT_WRONG_STEP", subject: "7", case_id: "3", taken: "100" };
    const slashed = blockWith(to, "EventSlashed", { ...fields, offender: honest.address });
    const closed = blockWith(to, "EventCaseClosed", { case_id: "3", outcome });
    return checks.after({ ...slashed, events: [...closed.events, ...slashed.events] });
  };
  expect(lost(48n, 72n, "CASE_OUTCOME_DEFENDER_SILENT")).toEqual([]);
  expect(lost(70n, 94n, "CASE_OUTCOME_DEFENDER_SILENT")).toHaveLength(1);
  expect(lost(48n, 72n, "CASE_OUTCOME_CONVICTED")).toHaveLength(1);
});

test("an award is that of whoever opened the case, and of no accuser that lost it", () => {
  const checks = createNetworkChecks([honest, cheat]);
  const fields = { case_id: "3", challenger: honest.address, defender: cheat.address };
  checks.after(blockWith(5n, "EventCaseOpened", fields));
  const slashed = (offender: string) =>
    blockWith(9n, "EventSlashed", { case_id: "3", offender, taken: "100", awarded: "30" });
  checks.after(slashed(honest.address));
  expect([...checks.awarded]).toEqual([]);
  checks.after(slashed(cheat.address));
  expect([...checks.awarded]).toEqual([[honest.address, 30n]]);
});

test("a cheat that is paid is found", () => {
  const paid = (owner: string) =>
    check(blockWith(5n, "EventRewardCredited", { owner, submission_id: "7", amount: "9" }));
  expect(paid(honest.address)).toEqual([]);
  expect(paid(cheat.address)).toEqual(["cheat cheats and was paid 9 uremes for 7"]);
});

test("a sum that an honest verifier does not have is found", () => {
  const adopted = (bytes: readonly number[]) => {
    const root = Buffer.from(bytes).toString("base64");
    return check(blockWith(5n, "EventAdapterAdopted", { pool_id: "1", round: 1, root }));
  };
  expect(adopted([0xaa])).toEqual([]);
  expect(adopted([0xbb])).toEqual(["honest summed aa in round 1, adopted was bb"]);
  const root = Buffer.from([0xbb]).toString("base64");
  const fields = { pool_id: "1", round: 1, root, left_out: ["7"] };
  expect(check(blockWith(5n, "EventAdapterAdopted", fields))).toEqual([]);
});

test("a sum that comes after another was adopted is found at the end", () => {
  const records: JournalRecord[] = [];
  const late = createNetworkChecks([{ ...honest, records: () => records }]);
  const root = Buffer.from([0xbb]).toString("base64");
  const block = blockWith(5n, "EventAdapterAdopted", { pool_id: "1", round: 1, root });
  expect([...late.after(block), ...late.atEnd()]).toEqual([]);
  records.push(...honest.records());
  expect(late.atEnd()).toEqual(["honest summed aa in round 1, adopted was bb"]);
});

test("what the keeper finds broken, a round that stands still and a double promise are found", () => {
  const nothing = blockWith(5n, "EventOperatorSet", {});
  expect(check({ ...nothing, broken: "coins" })).toEqual(["coins"]);
  expect(check({ ...nothing, height: 601n })).toHaveLength(1);
  const twice = { ...honest, records: () => [...honest.records(), { kind: "secret", epoch: "3" }] };
  expect(createNetworkChecks([twice]).atEnd()).toEqual([
    "honest promised twice: secret of epoch 3",
  ]);
});
