import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { stages } from "./stages.js";
import { faultOfFolder, openWorkFolder, requireSpace } from "./workFolder.js";

const nobody = 65534;

test("a read-only folder is refused with its name", () => {
  const root = temporaryFolder();
  chmodSync(root, 0o555);
  // The permission bits of a folder do not bind root, who runs the tests in many containers.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(nobody);
  try {
    expect(() => openWorkFolder(root)).toThrow(
      expect.objectContaining({
        code: "BOOTSTRAP_NOT_WRITABLE",
        message: `The folder ${join(root, ".bootstrap")} cannot be written to`,
      }),
    );
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test.runIf(process.platform === "linux")("a read-only file system is refused", () => {
  expect(() => openWorkFolder("/sys")).toThrow(
    expect.objectContaining({ code: "BOOTSTRAP_NOT_WRITABLE" }),
  );
});

test("a disk without room for the first set-up is refused before anything is written", () => {
  const root = temporaryFolder();
  const environment = { PATH: process.env.PATH, GOCACHE: root, GOMODCACHE: root };
  const free = (mebibytes: number) => () => mebibytes * 2 ** 20;
  // The Go caches exist already, so only what goes into the checkout counts.
  const needed = stages
    .flatMap(({ fills }) => fills)
    .filter(({ folder }) => !folder.startsWith("$"))
    .reduce((sum, { mebibytes }) => sum + mebibytes, 0);
  expect(() => requireSpace(root, stages, environment, free(needed - 1))).toThrow(
    expect.objectContaining({
      code: "BOOTSTRAP_DISK_FULL",
      facts: { folder: root, freeMebibytes: needed - 1, neededMebibytes: needed },
    }),
  );
  expect(() => requireSpace(root, stages, environment, free(needed))).not.toThrow();
});

test("folders that are there already ask for no space", () => {
  const root = temporaryFolder();
  const filled = stages.map((stage) => ({ ...stage, fills: [{ folder: ".", mebibytes: 900 }] }));
  expect(() => requireSpace(root, filled, {}, () => 0)).not.toThrow();
});

test.each([
  ["ENOSPC", "BOOTSTRAP_DISK_FULL"],
  ["EDQUOT", "BOOTSTRAP_DISK_FULL"],
  ["EROFS", "BOOTSTRAP_NOT_WRITABLE"],
])("%s while writing is told as %s", (code, told) => {
  const error = Object.assign(new Error("write"), { code });
  expect(faultOfFolder("folder", error)).toMatchObject({ code: told });
});

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-folder-"));
  chmodSync(folder, 0o755);
  onTestFinished(() => {
    chmodSync(folder, 0o755);
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
