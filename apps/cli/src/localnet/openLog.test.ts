import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openLog } from "./openLog.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-log-"));
  path = join(folder, "validator-0.log");
});
afterEach(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);
const fail = (error: unknown) => {
  throw error;
};

test("what is written is appended, and the last lines are at hand", () => {
  openLog(path, fail).write(bytes("before\n"));
  const log = openLog(path, fail, { bytesMax: 1_000, linesKept: 2 });
  for (const part of ["on", "e\ntwo\nth", "ree\nfour"]) log.write(bytes(part));
  expect(log.lastLines()).toEqual(["three", "four"]);
  expect(readFileSync(path, "utf8")).toBe("before\none\ntwo\nthree\nfour");
});

test("a character that is cut between two chunks stays whole", () => {
  const log = openLog(path, fail);
  const text = bytes("schön\n");
  log.write(text.subarray(0, 4));
  log.write(text.subarray(4));
  expect(log.lastLines()).toEqual(["schön"]);
});

test("a full log moves aside and a new one begins", () => {
  const log = openLog(path, fail, { bytesMax: 10, linesKept: 2 });
  for (const line of ["aaaa\n", "bbbb\n", "cccc\n"]) log.write(bytes(line));
  expect(readFileSync(`${path}.1`, "utf8")).toBe("aaaa\nbbbb\n");
  expect(readFileSync(path, "utf8")).toBe("cccc\n");
});

test.runIf(process.platform === "linux")("a full disk is told and loses no line in memory", () => {
  const failures: unknown[] = [];
  const log = openLog("/dev/full", (error) => failures.push(error));
  log.write(bytes("last words\n"));
  expect(failures).toEqual([expect.objectContaining({ code: "ENOSPC" })]);
  expect(log.lastLines()).toEqual(["last words"]);
});
