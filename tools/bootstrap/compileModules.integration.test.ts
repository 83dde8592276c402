/** What bootstrap has compiled ahead is all that the doors of processes and threads load, and what trains loads nothing that only conversations need. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "compiled-"));
const environment = { ...process.env, NODE_COMPILE_CACHE: join(folder, "cache") };

/** Code is kept apart by the flags of V8 under which it was compiled. */
const { leanHeap } = (await import(
  pathToFileURL(join(root, "apps/cli/src/processes/leanHeap.ts")).href
)) as { readonly leanHeap: readonly string[] };

function run(door: string, debug = "", flags: readonly string[] = []) {
  const args = [...flags, join(root, door), join(folder, "nobody")];
  const env = { ...environment, NODE_DEBUG_NATIVE: debug };
  return spawnSync(process.execPath, args, { env, encoding: "utf8", maxBuffer: 64 << 20 });
}

beforeAll(() => {
  const { status, stderr } = run("tools/bootstrap/compileModules.js");
  expect([status, stderr]).toEqual([0, ""]);
}, 300_000);

afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ["apps/miner/src/main.ts", leanHeap],
  ["apps/verifier/src/main.ts", leanHeap],
  ["apps/cli/src/challenging/main.ts", leanHeap],
  ["packages/participant/src/device/serveDevice.ts", leanHeap],
  ["apps/api/src/inference/modelWorker.ts", []],
] as const)(
  "%s finds everything compiled under its flags",
  (door, flags) => {
    const { stdout, stderr } = run(door, "COMPILE_CACHE", flags);
    const lines = `${stdout}${stderr}`.split("\n");
    expect(lines.filter((line) => line.endsWith("no such file or directory"))).toEqual([]);
    expect(lines.filter((line) => line.includes("was accepted")).length).toBeGreaterThan(100);
  },
  120_000,
);

test.each(["apps/miner/src/mine.ts", "packages/participant/src/device/serveDevice.ts"])(
  "%s loads no tokenizer",
  (door) => {
    const { stdout, stderr } = run(door, "COMPILE_CACHE", leanHeap);
    const said = `${stdout}${stderr}`;
    expect(said).toContain("packages/models/src/index.ts");
    expect(said).not.toContain("huggingface");
  },
  120_000,
);
