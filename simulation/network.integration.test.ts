/** The whole network from a seed: calm, with failures and cheats, and with every kind of cheat; and the same events from the same seed. */
import { join } from "node:path";
import {
  CaseOutcome,
  EventCaseClosedSchema,
  EventCaseOpenedSchema,
  EventInquiryClosedSchema,
} from "@r3mes/protocol/messages";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defenceOf } from "./actors/badDefender.ts";
import { createNetworkChecks } from "./network/checkNetwork.ts";
import { createHealth } from "./network/createHealth.ts";
import { eventsOf } from "./network/eventsOf.ts";
import { nameOf } from "./network/faults.ts";
import { type Devices, prepareDevices } from "./network/prepareDevices.ts";
import { openRemesim, type Remesim } from "./network/remesim.ts";
import { type SimulationOptions, simulate } from "./network/simulate.ts";
import type { MadeBlock } from "./network/simulatedNode.ts";

let remesim: Remesim;
let devices: Devices;

beforeAll(async () => {
  remesim = openRemesim(join(import.meta.dirname, "../chain/bin/remesim"));
  devices = await prepareDevices();
});

afterAll(() => remesim.close());

const calm: SimulationOptions = {
  seed: 1,
  rounds: 1,
  miners: 2,
  verifiers: 3,
  cheatingMiners: 0,
  cheatingVerifiers: 0,
  faultsPerMille: 0,
};

test("an honest network trains a round, is paid, and loses nothing", async () => {
  const report = await simulate(calm, { remesim, devices });
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ ok: true, adapters: 1, honestSlashed: 0, excused: {} });
  expect(report.trainedAgain).toBe(0);
  const miners = report.outcomes.filter(({ name }) => name.startsWith("miner"));
  expect(miners.map(({ change }) => change > 0n)).toEqual([true, true]);
});

test("failures and cheats change nothing of what must hold, and one seed is one history", async () => {
  const cast = { miners: 3, verifiers: 4, cheatingMiners: 1, cheatingVerifiers: 1 };
  const run = () =>
    simulate({ ...calm, ...cast, seed: 6, faultsPerMille: 100 }, { remesim, devices });
  const first = await run();
  expect(first.failures).toEqual([]);
  expect(first.faults).toBeGreaterThan(0);
  expect(first.cheatIncome).toBeLessThan(0n);
  expect((await run()).logHash).toBe(first.logHash);
  const other = await simulate({ ...calm, seed: 7 }, { remesim, devices });
  expect(other.logHash).not.toBe(first.logHash);
});

test("a miner that loses its cases on purpose takes no version and nobody's bond along", async () => {
  const blocks: MadeBlock[] = [];
  const cast = { miners: 3, verifiers: 4, cheatingMiners: 1 };
  const report = await simulate(
    { ...calm, ...cast, seed: 65, rounds: 2, onBlock: (block) => blocks.push(block) },
    { remesim, devices },
  );
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ adapters: 2, honestSlashed: 0 });
  const { address } = report.outcomes.find(({ kind }) => kind === "accuser")!;
  const accused = blocks
    .flatMap((block) => eventsOf(block, EventCaseOpenedSchema))
    .flatMap(({ challenger, caseId, submissionId }) =>
      challenger === address ? [{ caseId, defence: defenceOf(submissionId) }] : [],
    );
  const ended = blocks.flatMap((block) => eventsOf(block, EventCaseClosedSchema));
  const outcomes = accused.map(
    ({ caseId, defence }) =>
      [defence, ended.find((one) => one.caseId === caseId)!.outcome] as const,
  );
  expect(new Map(outcomes)).toEqual(
    new Map([
      ["wrong record", CaseOutcome.CONVICTED],
      ["wrong threshold", CaseOutcome.CONVICTED],
    ]),
  );
  const closed = blocks.flatMap((block) => eventsOf(block, EventInquiryClosedSchema));
  expect(closed.map(({ workWrong, verdictsWrong }) => [workWrong, verdictsWrong])).toEqual([
    [false, false],
    [false, false],
  ]);
});

/** What each kind of cheat is fined for, if a lot gives it something to cheat about. */
const deeds: Readonly<Record<string, string>> = {
  lazy: "WRONG_STEP",
  skipper: "WRONG_STEP",
  "free-rider": "WRONG_STEP",
  copier: "NO_OPENING",
  "wrong-step": "WRONG_STEP",
  "bad-defender": "WRONG_STEP",
  withholder: "NO_REVEAL",
  "last-revealer": "LATE_REVEAL",
  "lazy-verifier": "WRONG_VERDICT",
  liar: "WRONG_VERDICT",
  colluder: "WRONG_VERDICT",
  chooser: "MISSED_BEACON",
  "wrong-sum": "WRONG_SUM",
  griefer: "FALSE_CHALLENGE",
};

test("cheats of every kind are fined for what they are named for, and who takes them for honest hears of it", async () => {
  const blocks: MadeBlock[] = [];
  const cast = { miners: 13, verifiers: 15, cheatingMiners: 11, cheatingVerifiers: 6 };
  const report = await simulate(
    { ...calm, ...cast, seed: 12, onBlock: (block) => blocks.push(block) },
    { remesim, devices },
  );
  expect(report.failures).toEqual([]);
  const cheats = report.outcomes.filter(({ isHonest }) => !isHonest);
  const fined = cheats.filter(({ fines }) => fines.length > 0);
  for (const { kind, fines } of fined) {
    expect([kind, ...new Set(fines.map(({ fault }) => nameOf(fault)))]).toEqual([
      kind,
      deeds[kind],
    ]);
  }
  expect(fined.length).toBeGreaterThanOrEqual(7);
  const unaware = createNetworkChecks(
    report.outcomes.map((outcome) => ({
      ...outcome,
      ...{ isHonest: true, records: () => [] },
      health: createHealth(),
    })),
  );
  const complaints = blocks.flatMap((block) => unaware.after(block));
  const isHeardOf = ({ name }: { readonly name: string }) =>
    complaints.some((text) => text.startsWith(`${name} is honest and was fined`));
  expect(fined.filter((cheat) => !isHeardOf(cheat))).toEqual([]);
  // These take nothing and lose nothing but fees.
  const said = (type: string, kind: string) => {
    const { address } = cheats.find((cheat) => cheat.kind === kind)!;
    return blocks
      .flatMap(({ events }) => events)
      .filter((event) => event.type === `remes.v1.${type}`)
      .some(({ attributes }) => attributes.some(({ value }) => value === JSON.stringify(address)));
  };
  expect(said("EventLeaseExpired", "sybil")).toBe(true);
  expect(said("EventRevealed", "data-withholder")).toBe(true);
});
