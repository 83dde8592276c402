/** kill -9 of the API under many streams: no credit is lost or invented, and it answers again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accounts, openDatabase } from "@r3mes/database";
import { afterEach, beforeEach, expect, test } from "vitest";

const main = join(import.meta.dirname, "main.ts");
const streams = 50;

let folder: string;
let running: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-killed-"));
  writeFileSync(join(folder, "config.toml"), "[http]\nport = 0\n");
});
afterEach(async () => {
  await kill();
  rmSync(folder, { recursive: true });
});

async function kill(): Promise<void> {
  const child = running;
  running = undefined;
  if (child === undefined || child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

/** @returns the base URL */
async function start(): Promise<string> {
  // Settings of whoever runs the tests are none of this process.
  const { PATH } = process.env;
  const child = spawn(process.execPath, [main, folder], {
    env: { PATH },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running = child;
  const baseUrl = await new Promise<string>((resolve, reject) => {
    let log = "";
    let errors = "";
    child.stdout.on("data", (chunk) => {
      log += chunk;
      const found = /"baseUrl":"([^"]+)"/.exec(log);
      if (found !== null) resolve(found[1]!);
    });
    child.stderr.on("data", (chunk) => {
      errors += chunk;
    });
    // At its exit not everything that it said has been read.
    child.once("close", (code, signal) =>
      reject(new Error(`ended by ${signal ?? code}: ${log}${errors}`)),
    );
  });
  for (;;) {
    if ((await fetch(new URL("/readyz", baseUrl))).ok) return baseUrl;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function ask(baseUrl: string, body: object): Promise<Response> {
  const key = readFileSync(join(folder, "local.key"), "utf8").trim();
  return fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: "genesis",
      messages: [{ role: "user", content: "In the beginning" }],
      ...body,
    }),
  });
}

/** Sums of the tables, read while no process has them. */
async function books() {
  const database = await openDatabase({ folder: join(folder, "database") });
  try {
    const [account] = await database.sql.select().from(accounts.accounts);
    const [key] = await database.sql.select().from(accounts.keys);
    const entries = await database.sql.select().from(accounts.entries);
    const held = await database.sql.select().from(accounts.reservations);
    return {
      credits: account!.credits,
      reserved: account!.reserved,
      entries: entries.reduce((sum, entry) => sum + entry.credits, 0),
      held: held.reduce((sum, reservation) => sum + reservation.credits, 0),
      spent: key!.spent,
    };
  } finally {
    await database.close();
  }
}

test("killed under many streams, its books agree, and what was set aside is free again", async () => {
  const first = await start();
  const { usage } = (await (await ask(first, { max_tokens: 3 })).json()) as {
    usage: { total_tokens: number };
  };
  const opened = await Promise.all(
    Array.from({ length: streams }, () => ask(first, { max_tokens: 500, stream: true })),
  );
  expect(opened.every(({ ok }) => ok)).toBe(true);
  const reading = opened.map((response) => response.text().catch(() => "broke off"));
  await kill();
  // An answer may end by itself before the kill; what it cost is settled then.
  const ends = await Promise.all(reading);
  expect(ends.filter((text) => text === "broke off").length).toBeGreaterThan(0);

  const after = await books();
  expect(after.credits).toBe(after.entries);
  expect(after.reserved).toBe(after.held);
  expect(after.held).toBeGreaterThan(0);
  expect(after.held % (4 + 500)).toBe(0);

  const second = await start();
  const again = await ask(second, { max_tokens: 3 });
  expect(again.status).toBe(200);
  await again.text();
  await kill();
  const last = await books();
  expect(last).toMatchObject({ reserved: 0, held: 0 });
  expect(last.spent).toBe(after.spent + usage.total_tokens);
  expect(last.credits).toBe(last.entries);
  expect(last.credits).toBe(after.credits - usage.total_tokens);
}, 240_000);
