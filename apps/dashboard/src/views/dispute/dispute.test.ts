import { CaseOutcomeSchema } from "@r3mes/protocol/messages";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { CaseMove } from "../../api/records.ts";
import { DisputeSubject } from "./DisputeSubject.tsx";
import { differenceText, HashComparison } from "./HashComparison.tsx";
import { clockAfter, narrowing } from "./narrowing.ts";
import { outcomeText } from "./outcomeText.ts";
import { placeText } from "./placeText.ts";

function move(type: string, data: CaseMove["data"], transaction: string): CaseMove {
  return { type, data, transaction, height: 1, timeMs: 0, index: 0, signer: "remes1" };
}

/** What the chain says after a move. */
function moved(transaction: string, stage: string, toMove: string, blocksLeft: number) {
  return { type: "CaseMoved", transaction, data: { stage, toMove, blocksLeft } };
}

test("posts and pinpoints become the levels from root to tile", () => {
  const levels = narrowing(
    [
      move("Challenge", { step: 0 }, "a"),
      move("PostTrace", { children: ["s0", "s1"] }, "b"),
      move("Pinpoint", { child: 1 }, "c"),
      move("PostTrace", { children: ["o0", "o1", "o2"] }, "d"),
      move("Pinpoint", { child: 2 }, "e"),
      move("PostTrace", { children: ["t0"] }, "f"),
    ],
    [
      moved("b", "steps", "you", 9),
      moved("c", "operations", "me", 9),
      moved("d", "operations", "you", 8),
      moved("e", "tiles", "me", 8),
      moved("f", "execution", "you", 7),
      moved("f", "tiles", "you", 7),
    ],
  );
  expect(
    levels.map(({ stage, shown, pinned, claimed }) => [stage, shown, pinned, claimed]),
  ).toEqual([
    ["steps", 2, 1, "s1"],
    ["operations", 3, 2, "o2"],
    ["tiles", 1, 0, "t0"],
  ]);
});

test("after a move the chain says whose turn it is and how long that side has", () => {
  const history = [moved("a", "tiles", "remes1other", 58)];
  expect(clockAfter("a", history)).toEqual({
    stage: "tiles",
    toMove: "remes1other",
    blocksLeft: 58,
  });
  expect(clockAfter("b", history)).toBeNull();
});

test("a post that nobody has answered is open, and moves of a strange form break nothing", () => {
  const open = narrowing([move("PostTrace", { children: ["a", "b"] }, "x")], []);
  expect(open[0]).toMatchObject({ pinned: null, claimed: null });
  expect(narrowing([move("Pinpoint", { child: 3 }, "x")], [])).toEqual([]);
  expect(narrowing([move("PostTrace", { children: "?" }, "x")], [])[0]?.shown).toBe(0);
});

test("two byte strings say where they differ", () => {
  expect(differenceText("00ff10", "00fe11")).toBe("They differ in 2 of 3 bytes, first in byte 1.");
  expect(differenceText("00", "0011")).toBe("They differ in 1 of 2 bytes, first in byte 1.");
  const equal = { first: { name: "one", hex: "00ff" }, second: { name: "two", hex: "00ff" } };
  expect(renderToStaticMarkup(createElement(HashComparison, equal))).toContain("Equal");
});

test.each([
  ["step", { step: 3, submissionId: 5 }, "step 3 of submission 5"],
  ["update", { step: null, submissionId: 5 }, "update of submission 5"],
  ["aggregate", { step: null, submissionId: null }, "sum of round 2"],
] as const)("a dispute about a case of kind %s names the work", (kind, about, text) => {
  const dispute = { kind, ...about, poolId: 1, round: 2 };
  const html = renderToStaticMarkup(createElement(DisputeSubject, { dispute }));
  expect(html.replaceAll(/<[^>]+>/g, "")).toBe(text);
});

test.each([
  [3, { tiles: 0, operations: 92 }, "step 3 › operation 92 › tile 0"],
  [1, { steps: 1 }, "step 1"],
  [null, { tiles: 4, tensors: 6 }, "tensor 6 › tile 4"],
  [null, {}, null],
])(
  "of step %s and what was found the place is told from the root to the tile",
  (step, found, text) => {
    expect(placeText({ step, found: found as Record<string, number> })).toBe(text);
  },
);

const [, ...outcomes] = CaseOutcomeSchema.values.map(({ localName }) => localName.toLowerCase());

test.each(outcomes)("the outcome %s is told in words", (outcome) => {
  expect(outcomeText({ outcome })).not.toContain(outcome);
});
