import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { writeWhole } from "./writeWhole.ts";

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function setup() {
  const folder = mkdtempSync(join(tmpdir(), "remes whole é-"));
  folders.push(folder);
  return { folder, path: join(folder, "key") };
}

test("a file is new and then another, for this user alone, and nothing lies beside it", () => {
  const { folder, path } = setup();
  writeWhole(path, "one");
  writeWhole(path, Uint8Array.of(50));
  expect(readFileSync(path, "utf8")).toBe("2");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["key"]);
});

test("a link stays one, and what it leads to is written", () => {
  const { folder, path } = setup();
  mkdirSync(join(folder, "elsewhere"));
  const real = join(folder, "elsewhere", "real");
  writeFileSync(real, "old");
  symlinkSync(real, path);
  writeWhole(path, "new");
  expect(lstatSync(path).isSymbolicLink()).toBe(true);
  expect(readFileSync(real, "utf8")).toBe("new");
});

test("what cannot be written is a refusal that names the file, and leaves what was there", () => {
  const { folder, path } = setup();
  mkdirSync(join(path, "full"), { recursive: true });
  expect(() => writeWhole(path, "text")).toThrow(
    expect.objectContaining({
      code: "FOLDER_NOT_WRITABLE",
      facts: expect.objectContaining({ path }),
    }),
  );
  expect(readdirSync(folder)).toEqual(["key"]);
  expect(readdirSync(path)).toEqual(["full"]);
});

test("what a killed process left of this file is removed once it is old, and nothing else", () => {
  const { folder, path } = setup();
  const [old, young, other] = ["key.1.part", "key.2.part", "keys.1.part"];
  for (const name of [old, young, other]) writeFileSync(join(folder, name), "half");
  const longAgo = Date.now() / 1_000 - 7_200;
  for (const name of [old, other]) utimesSync(join(folder, name), longAgo, longAgo);
  writeWhole(path, "whole");
  expect(readdirSync(folder).sort()).toEqual(["key", young, other]);
});
