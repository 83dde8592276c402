import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { identify, isAlive, systemClock } from "@r3mes/service";
import { afterEach, beforeEach, expect, test } from "vitest";
import { endOrphans } from "./endOrphans.ts";
import { writeRunRecord } from "./runRecord.ts";

let folder = "";
let runFile = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-orphans-"));
  runFile = join(folder, "run.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

function startSleeper() {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true });
  return identify(child.pid!);
}

test("what a dead supervisor left is ended, and nothing else", async () => {
  const orphan = startSleeper();
  const stranger = startSleeper();
  writeRunRecord(runFile, {
    supervisor: { pid: 2 ** 30, birth: "1" },
    startedAtMs: 0,
    processes: [
      { name: "validator-0", state: "ready", restarts: 0, process: orphan },
      { name: "validator-1", state: "ready", restarts: 0, process: { ...stranger, birth: "1" } },
      { name: "validator-2", state: "stopped", restarts: 0, process: null },
    ],
  });
  expect(await endOrphans(runFile, systemClock)).toEqual(["validator-0"]);
  expect(isAlive(orphan)).toBe(false);
  expect(isAlive(stranger)).toBe(true);
  expect(existsSync(runFile)).toBe(false);
  process.kill(stranger.pid, "SIGKILL");
});

test("without a record there is nothing to end", async () => {
  expect(await endOrphans(runFile, systemClock)).toEqual([]);
});
