import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { acquireLock } from "./lock.js";
import { identify } from "./processes.js";

const lockUrl = new URL("./lock.js", import.meta.url).href;

/** Takes the lock, notes that it came in and went out, and gives the lock back or dies with it. */
const worker = `
  import { appendFileSync } from "node:fs";
  import { acquireLock } from ${JSON.stringify(lockUrl)};
  const [folder, journal, end] = process.argv.slice(1);
  const lock = await acquireLock(folder);
  appendFileSync(journal, "in\\n");
  await new Promise((resolve) => setTimeout(resolve, 10));
  appendFileSync(journal, "out\\n");
  if (end === "die") process.kill(process.pid, "SIGKILL");
  lock.release();
`;

test("of many that find the holder dead, one at a time comes in", async () => {
  const { folder, journal } = setup();
  for (let round = 0; round < 3; round += 1) {
    spawnSync(process.execPath, ["--input-type=module", "-e", worker, folder, journal, "die"]);
    await Promise.all(Array.from({ length: 6 }, () => work(folder, journal)));
  }
  const notes = readFileSync(journal, "utf8").trim().split("\n");
  expect(notes).toEqual(Array.from({ length: 21 }, () => ["in", "out"]).flat());
});

test("a recycled process id is not taken for the holder", async () => {
  const { folder } = setup();
  const holder = { pid: process.pid, started: "before the last start of this machine" };
  writeFileSync(join(folder, "1"), JSON.stringify({ held: true, holder, child: null }));
  const lock = await acquireLock(folder);
  lock.release();
});

test("a lock file cut short by a power failure holds nobody up", async () => {
  const { folder } = setup();
  writeFileSync(join(folder, "7"), "");
  const lock = await acquireLock(folder);
  lock.release();
});

test("waiting for a living holder ends when it is told to", async () => {
  const { folder } = setup();
  const holder = identify(process.pid);
  writeFileSync(join(folder, "1"), JSON.stringify({ held: true, holder, child: null }));
  const interruption = new AbortController();
  const turn = acquireLock(folder, {
    signal: interruption.signal,
    onWait: () => interruption.abort("SIGINT"),
  });
  await expect(turn).rejects.toBe("SIGINT");
});

function setup() {
  const home = mkdtempSync(join(tmpdir(), "r3mes-lock-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const folder = join(home, "lock");
  mkdirSync(folder);
  return { folder, journal: join(home, "journal") };
}

function work(folder: string, journal: string): Promise<unknown> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", worker, folder, journal]);
  return new Promise((resolve) => child.once("exit", resolve));
}
