import { type EventSlashed, EventSlashedSchema } from "@r3mes/protocol/messages";
import { expect, test } from "vitest";
import { createDutyWindows, type DutyWindows } from "./createDutyWindows.ts";
import { eventsOf } from "./eventsOf.ts";
import { blockWith } from "./testing/blockWith.ts";

const verifiers = ["one", "two"];

function told(...events: readonly [height: bigint, type: string, fields: object][]): DutyWindows {
  const duties = createDutyWindows();
  for (const [height, type, fields] of events) {
    duties.read(blockWith(height, `Event${type}`, { ...fields }));
  }
  return duties;
}

/** What was owed by a fine of this height. */
function owed(duties: DutyWindows, height: bigint, fault: string, fields: object = {}) {
  const block = blockWith(height, "EventSlashed", {
    ...{ fault: `FAULT_${fault}`, subject: "7", offender: "one", ...fields },
  });
  const [fine] = eventsOf(block, EventSlashedSchema) as [EventSlashed];
  duties.read(block);
  return duties.owed(fine)?.windows.map(({ after, until }) => [Number(after), Number(until)]);
}

test("a secret is owed from the beginning of its epoch to the end of its reveals", () => {
  const duties = told([10n, "EpochStarted", { epoch: "7", reveal_end_height: "21" }]);
  expect(owed(duties, 21n, "MISSED_BEACON")).toEqual([[10, 21]]);
});

test("a reveal is owed in its phase: until that ends it is in time, and until the fine at all", () => {
  const duties = told(
    [5n, "Committed", { submission_id: "7", pool_id: "1", round: 2 }],
    [
      10n,
      "RoundPhaseChanged",
      { pool_id: "1", round: 2, phase: "ROUND_PHASE_REVEAL", end_height: "30" },
    ],
    [12n, "RoundPhaseChanged", { pool_id: "1", round: 3, phase: "ROUND_PHASE_AUDIT" }],
  );
  expect(owed(duties, 33n, "LATE_REVEAL")).toEqual([[10, 30]]);
  expect(owed(duties, 40n, "NO_REVEAL")).toEqual([[10, 40]]);
});

const drawn = (at: bigint, end: string): [bigint, string, object] => [
  at,
  "AuditDrawn",
  { submission_id: "7", verifiers, end_height: end },
];
const opened: [bigint, string, object] = [
  15n,
  "StepOpened",
  { submission_id: "7", end_height: "45" },
];
const bound = (at: bigint, verifier: string): [bigint, string, object] => [
  at,
  "VerdictCommitted",
  { submission_id: "7", verifier },
];

test("an opening is owed from the last draw on", () => {
  const duties = told(drawn(10n, "30"), drawn(50n, "70"));
  expect(owed(duties, 70n, "NO_OPENING")).toEqual([[50, 70]]);
});

test("a verdict is owed from the opening on, and its opening when the time for verdicts has ended", () => {
  const silent = told(drawn(10n, "30"), opened, bound(20n, "two"));
  expect(owed(silent, 50n, "MISSED_AUDIT")).toEqual([[15, 45]]);
  const late = told(drawn(10n, "30"), opened, bound(20n, "one"));
  expect(owed(late, 65n, "MISSED_AUDIT")).toEqual([[45, 65]]);
  const both = told(drawn(10n, "30"), opened, bound(20n, "one"), bound(22n, "two"));
  expect(owed(both, 42n, "MISSED_AUDIT")).toEqual([[22, 42]]);
});

test("in a case moves are owed in all turns of one's side, if its clock has run out and not otherwise", () => {
  const played = (outcome: string) =>
    told(
      [10n, "CaseOpened", { case_id: "3", defender: "one", challenger: "two" }],
      [10n, "CaseMoved", { case_id: "3", to_move: "one" }],
      [14n, "CaseMoved", { case_id: "3", to_move: "two" }],
      [16n, "CaseMoved", { case_id: "3", to_move: "one" }],
      [36n, "CaseClosed", { case_id: "3", outcome: `CASE_OUTCOME_${outcome}` }],
    );
  const fined = (outcome: string, fault: string) =>
    owed(played(outcome), 36n, fault, { case_id: "3" });
  expect(fined("DEFENDER_SILENT", "WRONG_STEP")).toEqual([
    [10, 14],
    [16, 36],
  ]);
  expect(fined("CHALLENGER_SILENT", "FALSE_CHALLENGE")).toEqual([[14, 16]]);
  expect(fined("CONVICTED", "WRONG_STEP")).toBeUndefined();
});

test("nothing was owed by whoever is fined for a deed", () => {
  expect(owed(told(), 36n, "WRONG_VERDICT")).toBeUndefined();
});
