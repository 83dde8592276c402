import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type ContentFolder, openContentFolder } from "./openContentFolder.ts";

function emptyHome(): string {
  const home = mkdtempSync(join(tmpdir(), "r3mes-content-"));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  return home;
}

function put({ path }: ContentFolder, bytes: number): void {
  mkdirSync(join(path, "blocks"), { recursive: true });
  writeFileSync(join(path, "blocks", "one"), new Uint8Array(bytes));
}

test("what one command fetched the next one finds", () => {
  const home = emptyHome();
  const first = openContentFolder(home);
  put(first, 10);
  first.close();
  const second = openContentFolder(home);
  expect(second.path).toBe(first.path);
  expect(readdirSync(join(second.path, "blocks"))).toEqual(["one"]);
  second.close();
});

test("a command beside another has a folder of its own, which goes with it", () => {
  const home = emptyHome();
  const first = openContentFolder(home);
  const beside = openContentFolder(home);
  expect(beside.path).not.toBe(first.path);
  put(beside, 10);
  beside.close();
  expect(existsSync(beside.path)).toBe(false);
  first.close();
  expect(openContentFolder(home).path).toBe(first.path);
});

test("more than may be kept is not", () => {
  const home = emptyHome();
  const first = openContentFolder(home, 9);
  put(first, 10);
  first.close();
  expect(existsSync(first.path)).toBe(false);
});
