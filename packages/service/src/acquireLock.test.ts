import { fork } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { acquireLock, lockHolder } from "./acquireLock.ts";

const held = (pid: number) => new Error(`held by ${pid}`);
let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-lock-"));
  path = join(folder, "localnet.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a lock is held until it is given back", () => {
  const release = acquireLock(path, held);
  expect(lockHolder(path)?.pid).toBe(process.pid);
  expect(() => acquireLock(path, held)).toThrow(`held by ${process.pid}`);
  release();
  expect(readdirSync(folder)).toEqual(["localnet.lock.guard"]);
  acquireLock(path, held)();
});

test.each([
  ["a dead process", JSON.stringify({ pid: 2 ** 30, birth: "1" })],
  ["another process that has the number now", JSON.stringify({ pid: process.pid, birth: "1" })],
  ["a text cut short", '{"pid":'],
])("the lock of %s is taken over", (_name, text) => {
  writeFileSync(path, text);
  expect(lockHolder(path)).toBeNull();
  acquireLock(path, held);
  expect(lockHolder(path)?.pid).toBe(process.pid);
  expect(readdirSync(folder)).toEqual(["localnet.lock", "localnet.lock.guard"]);
});

test("a holder that cannot be seen from here, as in another container, keeps its lock until it dies", async () => {
  const child = fork(join(import.meta.dirname, "testing/holdLock.ts"), [path]);
  await once(child, "message");
  // What its number means here.
  writeFileSync(path, JSON.stringify({ pid: process.pid, birth: "1" }));
  expect(() => acquireLock(path, held)).toThrow(`held by ${process.pid}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  acquireLock(path, held)();
});

test("a guard that this user may only read locks nothing, and so is refused", async () => {
  const isRoot = process.getuid!() === 0;
  acquireLock(path, held)();
  // Nobody refuses root: it goes on as another user.
  chmodSync(folder, 0o777);
  chmodSync(`${path}.guard`, 0o444);
  const nobody = isRoot ? ["65534"] : [];
  const child = fork(join(import.meta.dirname, "testing/holdLock.ts"), [path, ...nobody]);
  const [said] = await once(child, "message");
  child.kill("SIGKILL");
  expect(said).toContain("readonly database");
});

test("giving back leaves the lock of somebody else alone", () => {
  const release = acquireLock(path, held);
  writeFileSync(path, JSON.stringify({ pid: 1, birth: "1" }));
  release();
  expect(existsSync(path)).toBe(true);
});
