import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { fillFolder } from "./fillFolder.ts";

let above = "";
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), "r3mes-fill-"));
  onTestFinished(() => rmSync(above, { recursive: true }));
});

const refused = new R3mesError({ code: "DATASET_EMPTY", folder: "texts" });
const refuse = () => Promise.reject(refused);

test("work that fails leaves no empty folder, nor those that were made above it", async () => {
  await expect(fillFolder(join(above, "a/b/c"), refuse)).rejects.toBe(refused);
  expect(readdirSync(above)).toEqual([]);
});

test("a folder that was there stays, and so does what the work has written", async () => {
  mkdirSync(join(above, "a"));
  await expect(fillFolder(join(above, "a"), refuse)).rejects.toBe(refused);
  const path = join(above, "b/c");
  const written = fillFolder(path, async () => {
    writeFileSync(join(path, "part"), "");
    return refuse();
  });
  await expect(written).rejects.toBe(refused);
  expect([existsSync(join(above, "a")), existsSync(join(path, "part"))]).toEqual([true, true]);
});

test("a place where no folder can be is told before any work", async () => {
  writeFileSync(join(above, "file"), "");
  const work = fillFolder(join(above, "file/a"), () => expect.fail("it worked"));
  await expect(work).rejects.toMatchObject({ code: "FOLDER_NOT_WRITABLE" });
});
