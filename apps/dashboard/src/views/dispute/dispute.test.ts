import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import type { CaseMove } from "../../api/records.ts";
import { differenceText, HashComparison } from "./HashComparison.tsx";
import { narrowing } from "./narrowing.ts";

function move(type: string, data: CaseMove["data"], transaction: string): CaseMove {
  return { type, data, transaction, height: 1, timeMs: 0, index: 0, signer: "remes1" };
}

test("posts and pinpoints become the levels from root to tile", () => {
  const levels = narrowing([
    move("Challenge", { step: 0 }, "a"),
    move("PostTrace", { children: ["s0", "s1"], traceRoot: "", record: "" }, "b"),
    move("Pinpoint", { child: 1 }, "c"),
    move("PostTrace", { children: ["o0", "o1", "o2"], traceRoot: "ff", record: "" }, "d"),
    move("Pinpoint", { child: 2 }, "e"),
    move("PostTrace", { children: ["t0"], traceRoot: "", record: "aa" }, "f"),
  ]);
  expect(
    levels.map(({ stage, shown, pinned, claimed }) => [stage, shown, pinned, claimed]),
  ).toEqual([
    ["steps", 2, 1, "s1"],
    ["operations", 3, 2, "o2"],
    ["tiles", 1, 0, "t0"],
  ]);
});

test("a post that nobody has answered is open, and moves of a strange form break nothing", () => {
  const open = narrowing([move("PostTrace", { children: ["a", "b"] }, "x")]);
  expect(open[0]).toMatchObject({ pinned: null, claimed: null });
  expect(narrowing([move("Pinpoint", { child: 3 }, "x")])).toEqual([]);
  expect(narrowing([move("PostTrace", { children: "?" }, "x")])[0]?.shown).toBe(0);
});

test("two byte strings say where they differ", () => {
  expect(differenceText("00ff10", "00fe11")).toBe("They differ in 2 of 3 bytes, first in byte 1.");
  expect(differenceText("00", "0011")).toBe("They differ in 1 of 2 bytes, first in byte 1.");
  const equal = { first: { name: "one", hex: "00ff" }, second: { name: "two", hex: "00ff" } };
  expect(renderToStaticMarkup(createElement(HashComparison, equal))).toContain("Equal");
});
