import { expect, test } from "vitest";
import type { Audit, Seat } from "../../api/records.ts";
import { dutiesOf } from "./duties.ts";

const me = "remes1me";
const seat = (verifier: string, changed: Partial<Seat> = {}) =>
  ({ verifier, commitment: null, verdict: null, ...changed }) as Seat;
const audit = (changed: Partial<Audit>) =>
  ({
    submissionId: 9,
    draw: 0,
    phase: "commit",
    endHeight: 50,
    miner: "remes1other",
    step: 17,
    seats: [],
    ...changed,
  }) as Audit;

test("leases, openings, checks and reveals are due, the most urgent first", () => {
  const leases = [
    { id: 1, status: "leased", endHeight: 40 },
    { id: 2, status: "expired", endHeight: 10 },
  ] as const;
  const audits = [
    audit({ submissionId: 3, seats: [seat(me)], endHeight: 30 }),
    audit({
      submissionId: 4,
      phase: "reveal",
      seats: [seat(me, { commitment: "aa" })],
      endHeight: 20,
    }),
    audit({ submissionId: 5, phase: "opening", miner: me, endHeight: 60 }),
  ];
  const committed = [
    { id: 6, poolId: 1, round: 2, status: "committed" },
    { id: 7, poolId: 1, round: 3, status: "committed" },
  ] as const;
  const rounds = [
    { poolId: 1, number: 2, phase: "reveal", endHeight: 35 },
    { poolId: 1, number: 3, phase: "training", endHeight: 36 },
  ] as const;
  const cases = [
    { id: 8, toMove: me, blocksLeft: 60, outcome: null },
    { id: 9, toMove: "remes1other", blocksLeft: 60, outcome: null },
  ];
  expect(
    dutiesOf(me, { leases, audits, committed, rounds, cases }).map(({ what, subject }) => [
      what,
      subject.id,
    ]),
  ).toEqual([
    ["Answer in a dispute", 8],
    ["Reveal the verdict on step 17", 4],
    ["Check step 17", 3],
    ["Reveal the work", 6],
    ["Train and commit", 1],
    ["Open step 17", 5],
  ]);
});

test("what is done, settled or another's is no duty", () => {
  const audits = [
    audit({ seats: [seat(me, { commitment: "aa" })] }),
    audit({ phase: "settled", seats: [seat(me)] }),
    audit({ seats: [seat("remes1other")] }),
    audit({ phase: "opening" }),
  ];
  expect(dutiesOf(me, { leases: [], audits, committed: [], rounds: [], cases: [] })).toEqual([]);
});
