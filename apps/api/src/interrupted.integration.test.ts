/** The API as a process that is asked to end while it still opens its parts. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = new URL("./main.ts", import.meta.url).pathname;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-interrupted-"));
  writeFileSync(join(folder, "config.toml"), "[http]\nport = 0\n");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start() {
  const api = spawn(process.execPath, [main, folder], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  api.stdout.on("data", (data) => (said += data));
  api.stderr.on("data", (data) => (said += data));
  return { api, ended: once(api, "close"), said: () => said };
}

test("asked to end while it starts, it ends well without a word, listens nowhere, and starts again", async () => {
  const { api, ended, said } = start();
  while (!existsSync(join(folder, "database"))) await sleep(5);
  api.kill("SIGTERM");
  expect([await ended, said()]).toEqual([[0, null], ""]);

  const again = start();
  while (!again.said().includes("the API listens")) await sleep(50);
  again.api.kill("SIGTERM");
  expect(await again.ended).toEqual([0, null]);
});
