import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makeFolder } from "./makeFolder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "r3mes-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a folder is made with those above it, for this user alone, and once", () => {
  const path = join(folder, "deep/ein Ömer/.r3mes");
  makeFolder(path);
  makeFolder(path);
  for (const made of [path, join(folder, "deep")]) {
    expect(statSync(made).mode & 0o777).toBe(0o700);
  }
  makeFolder(join(folder, "shared"), 0o755);
  expect(statSync(join(folder, "shared")).mode & 0o777).toBe(0o755);
});

test("a place where no folder can be is told, with the reason", () => {
  writeFileSync(join(folder, "file"), "");
  symlinkSync(join(folder, "nowhere"), join(folder, "dangling"));
  const places = {
    file: "EEXIST",
    "file/below": "ENOTDIR",
    "file/below/deep": "ENOTDIR",
    dangling: "EEXIST",
    "dangling/below": "EEXIST",
    [`above/${"x".repeat(300)}`]: "ENAMETOOLONG",
  };
  for (const [name, reason] of Object.entries(places)) {
    expect(() => makeFolder(join(folder, name))).toThrow(
      expect.objectContaining({
        code: "FOLDER_NOT_WRITABLE",
        facts: expect.objectContaining({ reason }),
      }),
    );
  }
});

// In a process of its own, since what this guards against never comes back.
test.runIf(process.platform === "linux")("a file system that knows no new name is told", () => {
  const program = `
    import { makeFolder } from ${JSON.stringify(join(import.meta.dirname, "makeFolder.ts"))};
    try { makeFolder("/proc/r3mes/deep"); } catch (error) { console.log(error.code); }`;
  const argv = ["--input-type=module", "--eval", program];
  const said = execFileSync(process.execPath, argv, { encoding: "utf8", timeout: 60_000 });
  expect(said).toBe("FOLDER_NOT_WRITABLE\n");
});
