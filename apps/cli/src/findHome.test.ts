import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findHome, homeOption } from "./findHome.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "r3mes-home-"));
  mkdirSync(join(root, "project/deep/deeper"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

test("the flag beats the variable, and both are relative to the current folder", () => {
  const env = { R3MES_HOME: "elsewhere" };
  expect(findHome("here", { cwd: root, env })).toBe(join(root, "here"));
  expect(findHome(undefined, { cwd: root, env })).toBe(join(root, "elsewhere"));
});

test("the nearest folder upwards that has a .r3mes or is a repository's root is the project", () => {
  const cwd = join(root, "project/deep/deeper");
  mkdirSync(join(root, "project/.git"));
  expect(findHome(undefined, { cwd, env: {} })).toBe(join(root, "project/.r3mes"));
  mkdirSync(join(root, "project/deep/.r3mes"));
  expect(findHome(undefined, { cwd, env: {} })).toBe(join(root, "project/deep/.r3mes"));
});

test("a further command names the home that it would not find by itself", () => {
  const host = { cwd: root, env: { R3MES_HOME: "elsewhere" } };
  expect(homeOption(join(root, "elsewhere"), host)).toBe("");
  expect(homeOption(join(root, "a home"), host)).toBe(` --home '${join(root, "a home")}'`);
});
