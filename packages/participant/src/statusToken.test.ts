import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { statusToken } from "./statusToken.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-token-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a token is made once, for its owner alone", () => {
  const token = statusToken(folder);
  expect(token).toHaveLength(32);
  expect(statusToken(folder)).toBe(token);
  expect(statSync(join(folder, "status.token")).mode & 0o777).toBe(0o600);
});

test("a file that a kill left empty opens nothing", () => {
  const path = join(folder, "status.token");
  writeFileSync(path, "");
  expect(statusToken(folder)).toHaveLength(32);
  expect(readFileSync(path, "utf8")).toBe(statusToken(folder));
});

test("a file that cannot be read is named", () => {
  const path = join(folder, "status.token");
  mkdirSync(path);
  expect(() => statusToken(folder)).toThrow(
    expect.objectContaining({ code: "FILE_UNREADABLE", facts: { path, reason: "EISDIR" } }),
  );
});
