import { expect, test } from "vitest";
import { createChangeLog } from "./createChangeLog.ts";

test("a table is what it was until a write names it", () => {
  const log = createChangeLog();
  log.hear("1-1 blocks,cursor");
  log.advance(0, 1);
  const at = log.now();
  log.hear("2-2 blocks,pools");
  log.hear("3-4 blocks");
  log.advance(1, 4);
  expect(log.isSince(at, ["cursor", "rounds"])).toBe(true);
  expect(log.isSince(at, ["rounds", "pools"])).toBe(false);
  expect(log.isSince(at, ["blocks"])).toBe(false);
  expect(log.isSince(log.now(), ["blocks", "pools"])).toBe(true);
});

test.each([
  ["a write that nobody told of", ["2-2 blocks"], 1, 3],
  ["a gap", ["3-3 blocks"], 1, 3],
  ["a lost connection", [""], 1, 1 + 1],
  ["tables that were emptied", ["1-1 blocks"], 5, 1],
  ["a write that is told of before it is read", ["2-2 blocks", "3-3 blocks"], 1, 2],
])("after %s every table may be another", (_what, heard, before, latest) => {
  const log = createChangeLog();
  for (const text of heard) log.hear(text);
  log.advance(before, latest);
  expect(log.isSince(0, ["rounds"])).toBe(false);
});

test("a write that is told of after it was read changes its tables once more", () => {
  const log = createChangeLog();
  log.hear("2-2 blocks");
  log.advance(1, 3);
  const at = log.now();
  log.hear("3-3 blocks");
  log.advance(3, 3);
  expect(log.isSince(at, ["rounds"])).toBe(true);
  expect(log.isSince(at, ["blocks"])).toBe(false);
});
