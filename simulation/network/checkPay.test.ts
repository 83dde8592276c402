import { expect, test } from "vitest";
import { createPayCheck, type Payee } from "./checkPay.ts";
import { blockWith } from "./testing/blockWith.ts";

const honest: Payee = { name: "honest", isHonest: true, mayBePaid: true, givesNothing: false };
const cheat: Payee = { ...honest, name: "cheat", isHonest: false, mayBePaid: false };

const paid = (owner: string) =>
  blockWith(5n, "EventRewardCredited", { owner, submission_id: "7", amount: "9" });

test("a cheat that is paid is found", () => {
  const check = createPayCheck(new Map(Object.entries({ honest, cheat })));
  expect(check.after(paid("honest"))).toEqual([]);
  expect(check.after(paid("cheat"))).toEqual(["cheat cheats and was paid 9 uremes for 7"]);
  expect([...check.credited]).toEqual([
    ["honest", 9n],
    ["cheat", 9n],
  ]);
});

test("a cheat that hides its work may be paid for what an honest verifier has seen all the same", () => {
  const complaintsAfter = (miner: Payee, verifier: string, verdict: string) => {
    const liar = { ...honest, isHonest: false };
    const check = createPayCheck(new Map(Object.entries({ honest, liar, cheat: miner })));
    check.after(blockWith(4n, "EventVerdictRevealed", { submission_id: "7", verdict, verifier }));
    return [check.after(paid("cheat")).length, check.worked.has("cheat")];
  };
  const hider = { ...cheat, givesNothing: true };
  expect(complaintsAfter(hider, "honest", "VERDICT_VALID")).toEqual([0, true]);
  expect(complaintsAfter(hider, "liar", "VERDICT_VALID")).toEqual([1, false]);
  expect(complaintsAfter(hider, "honest", "VERDICT_INVALID")).toEqual([1, false]);
  expect(complaintsAfter(cheat, "honest", "VERDICT_VALID")).toEqual([1, false]);
});
