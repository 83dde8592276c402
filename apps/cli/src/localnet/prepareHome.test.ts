import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileFailure } from "@r3mes/service/command";
import { afterEach, beforeEach, expect, test } from "vitest";
import { prepareHome } from "./prepareHome.ts";
import { requireFreeBytes } from "./requireFreeBytes.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-prepare-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a home that is not there is made for this user alone", () => {
  const home = join(folder, "deep/.r3mes");
  prepareHome(home);
  expect(statSync(home).mode & 0o777).toBe(0o700);
  prepareHome(home);
});

test("a file in place of the folder, or of one above it, is told", () => {
  writeFileSync(join(folder, "file"), "");
  for (const home of [join(folder, "file"), join(folder, "file/.r3mes")]) {
    expect(() => prepareHome(home)).toThrow(
      expect.objectContaining({ code: "FOLDER_NOT_WRITABLE" }),
    );
  }
});

test.runIf(process.platform === "linux")("a read-only folder is told", () => {
  expect(() => prepareHome("/sys/r3mes")).toThrow(
    expect.objectContaining({ code: "FOLDER_NOT_WRITABLE" }),
  );
});

test("a disk with too little room is told with both numbers", () => {
  expect(() => requireFreeBytes(folder, 1_000, () => 999)).toThrow(
    expect.objectContaining({
      code: "DISK_FULL",
      facts: { path: folder, freeBytes: 999, freeBytesMin: 1_000 },
    }),
  );
  requireFreeBytes(folder, 1_000, () => 1_000);
  requireFreeBytes(folder, 1);
});

test.runIf(process.platform === "linux")("a write that finds the disk full is told", () => {
  // The device refuses every byte with the very error that a full disk gives.
  const write = () => writeFileSync("/dev/full", "x");
  expect(write).toThrow();
  try {
    write();
  } catch (error) {
    expect(fileFailure(error, folder)).toMatchObject({
      code: "DISK_FULL",
      facts: { path: folder },
    });
  }
});
