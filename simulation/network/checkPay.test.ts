import { expect, test } from "vitest";
import { createPayCheck, type Payee } from "./checkPay.ts";
import { createHealth } from "./createHealth.ts";
import { blockWith } from "./testing/blockWith.ts";

const honest: Payee = {
  ...{ name: "honest", address: "honest", role: "verifier" },
  ...{ isHonest: true, mayBePaid: true, givesNothing: false },
  health: createHealth(),
};
const watcher: Payee = { ...honest, name: "watcher", address: "watcher", role: "watcher" };
const cheat: Payee = {
  ...honest,
  ...{ name: "cheat", address: "cheat", isHonest: false, mayBePaid: false },
};

const paid = (owner: string) =>
  blockWith(5n, "EventRewardCredited", { owner, submission_id: "7", amount: "9" });

test("a cheat that is paid is found", () => {
  const check = createPayCheck([honest, watcher, cheat]);
  expect(check.after(paid("honest"))).toEqual([]);
  expect(check.after(paid("cheat"))).toEqual(["cheat cheats and was paid 9 uremes for 7"]);
  expect([...check.credited]).toEqual([
    ["honest", 9n],
    ["cheat", 9n],
  ]);
});

test("a cheat that hides its work may be paid for what an honest verifier has seen all the same", () => {
  const complaintsAfter = (miner: Payee, verifier: string, verdict: string) => {
    const liar = { ...honest, address: "liar", isHonest: false };
    const check = createPayCheck([honest, watcher, liar, miner]);
    check.after(blockWith(4n, "EventVerdictRevealed", { submission_id: "7", verdict, verifier }));
    return [check.after(paid("cheat")).length, check.explained.has("cheat")];
  };
  const hider = { ...cheat, givesNothing: true };
  expect(complaintsAfter(hider, "honest", "VERDICT_VALID")).toEqual([0, true]);
  expect(complaintsAfter(hider, "liar", "VERDICT_VALID")).toEqual([1, false]);
  expect(complaintsAfter(hider, "honest", "VERDICT_INVALID")).toEqual([1, false]);
  expect(complaintsAfter(cheat, "honest", "VERDICT_VALID")).toEqual([1, false]);
});

test("a cheat that only its ring has seen may be paid where no watcher was fit to look", () => {
  const complaints = (isStill: boolean, verifier: string) => {
    const health = createHealth();
    if (isStill) for (let height = 1n; height <= 20n; height += 1n) health.ail(height, "stall");
    const check = createPayCheck([honest, { ...watcher, health }, cheat]);
    const accepted = { submission_id: "7", status: "SUBMISSION_STATUS_ACCEPTED" };
    const verdict = { submission_id: "7", verdict: "VERDICT_VALID", verifier };
    check.after(blockWith(4n, "EventVerdictRevealed", verdict));
    check.after(blockWith(5n, "EventSubmissionChanged", accepted));
    return check.after({ ...paid("cheat"), height: 35n }).length;
  };
  expect(complaints(true, "cheat")).toBe(0);
  expect(complaints(false, "cheat")).toBe(1);
  expect(complaints(true, "honest")).toBe(1);
});
