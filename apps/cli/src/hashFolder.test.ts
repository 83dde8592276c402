import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashFolder } from "./hashFolder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-hash-"));
  mkdirSync(join(folder, "deep"));
  writeFileSync(join(folder, "deep/a.wasm"), "a");
  writeFileSync(join(folder, "b.md"), "b");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("content and names decide, places outside do not", () => {
  const before = hashFolder(folder);
  expect(hashFolder(folder)).toBe(before);
  renameSync(join(folder, "b.md"), join(folder, "c.md"));
  expect(hashFolder(folder)).not.toBe(before);
  renameSync(join(folder, "c.md"), join(folder, "b.md"));
  writeFileSync(join(folder, "deep/a.wasm"), "A");
  expect(hashFolder(folder)).not.toBe(before);
});

test("a suffix chooses, and nothing chosen has no hash", () => {
  const wasm = hashFolder(folder, ".wasm");
  writeFileSync(join(folder, "b.md"), "changed");
  expect(hashFolder(folder, ".wasm")).toBe(wasm);
  expect(hashFolder(folder, ".none")).toBeNull();
  expect(hashFolder(join(folder, "absent"))).toBeNull();
});
