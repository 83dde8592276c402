import { expect, test } from "vitest";
import { computeOf } from "./computeOf.ts";

const pools = [8, 32].map((localSteps) => ({ hyperparameters: { localSteps } }));
const params = { round: { verifiersPerSubmission: 2, fullReplayPpm: 0 } };
const said = (role: string, seconds?: number) => ({
  status: { role, ...(seconds === undefined ? {} : { computed: { steps: 8, seconds } }) },
});

test("the share of audits is told beside what it may come to", () => {
  const all = [said("miner", 30), said("miner", 10.04), said("verifier", 4), said("verifier", 2)];
  expect(computeOf(all, pools, params)).toEqual({
    trainingSeconds: 40,
    auditSeconds: 6,
    auditPercent: 15,
    auditPercentExpected: 30,
  });
});

test("audits in which every step runs again may cost so much more", () => {
  const replaying = { round: { verifiersPerSubmission: 2, fullReplayPpm: 50_000 } };
  expect(computeOf([said("miner", 1)], pools, replaying)).toMatchObject({
    auditPercent: 0,
    auditPercentExpected: 42,
  });
});

test("before any chunk is trained there is no share, and who does not answer counts for nothing", () => {
  const silent = { status: null };
  expect(computeOf([said("verifier", 3), said("miner"), silent], pools, params)).toBeNull();
  expect(computeOf([said("miner", 5), silent], pools, params)).toMatchObject({ auditSeconds: 0 });
});
