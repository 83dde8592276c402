import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualClock } from "@r3mes/service/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { followLog, lastLinesOf } from "./followLog.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-follow-"));
  path = join(folder, "a.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("the last lines are read from the end, also of a long file", () => {
  const lines = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
  writeFileSync(path, `${lines.join("\n")}\n`);
  expect(lastLinesOf(path, 2)).toEqual(["line 49998", "line 49999"]);
  expect(lastLinesOf(path, 0)).toEqual([]);
  expect(lastLinesOf(join(folder, "absent"), 2)).toEqual([]);
});

test("new lines are followed, also after the log was moved aside", async () => {
  writeFileSync(path, "old\n");
  const clock = manualClock();
  const controller = new AbortController();
  const seen: string[] = [];
  const following = followLog(path, (line) => seen.push(line), {
    clock,
    signal: controller.signal,
  });
  appendFileSync(path, "one\ntw");
  await clock.advance(200);
  expect(seen).toEqual(["one"]);
  appendFileSync(path, "o\n");
  await clock.advance(200);
  renameSync(path, `${path}.1`);
  writeFileSync(path, "three\n");
  await clock.advance(200);
  expect(seen).toEqual(["one", "two", "three"]);
  controller.abort();
  await following;
});
