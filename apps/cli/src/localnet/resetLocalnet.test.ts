import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { localnetPaths } from "./localnetPaths.ts";
import { resetLocalnet } from "./resetLocalnet.ts";

let paths = localnetPaths("");
beforeEach(() => {
  paths = localnetPaths(mkdtempSync(join(tmpdir(), "r3mes-reset-")));
  mkdirSync(join(paths.folder, "validator-0"), { recursive: true });
  mkdirSync(paths.logs);
  writeFileSync(join(paths.home, "config.toml"), "");
});
afterEach(() => rmSync(paths.home, { recursive: true }));

const terminal = { stdin: { isTTY: true }, stdout: { isTTY: true, write: () => true } };
const pipe = { ...terminal, stdin: {} };
const asked: string[] = [];
const answer = (yes: boolean) => async (question: string) => {
  asked.push(question);
  return yes;
};
const never = () => Promise.reject(new Error("asked"));

test("with --yes the chain and the logs go, and the configuration stays", async () => {
  expect(await resetLocalnet(paths, true, pipe, never)).toBe(true);
  expect(readdirSync(paths.home)).toEqual(["config.toml"]);
  expect(await resetLocalnet(paths, false, pipe, never)).toBe(false);
});

test("without a terminal and without --yes nothing is deleted", async () => {
  await expect(resetLocalnet(paths, false, pipe, never)).rejects.toMatchObject({
    code: "CONFIRMATION_NEEDED",
  });
  expect(existsSync(paths.folder)).toBe(true);
});

test("on a terminal it asks, and a no deletes nothing", async () => {
  await expect(resetLocalnet(paths, false, terminal, answer(false))).rejects.toMatchObject({
    code: "ACTION_CANCELLED",
  });
  expect(existsSync(paths.folder)).toBe(true);
  expect(asked[0]).toContain(paths.folder);
  expect(await resetLocalnet(paths, false, terminal, answer(true))).toBe(true);
  expect(existsSync(paths.folder)).toBe(false);
});
