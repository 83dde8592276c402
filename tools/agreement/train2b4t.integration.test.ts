import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { hasNativeKernels } from "@r3mes/engine/node";
import { GENESIS_FOLDER } from "@r3mes/models/node";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./train2b4t.ts", import.meta.url));
const train = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
const backends = hasNativeKernels() ? ["native", "relaxed"] : ["relaxed"];
const LINE =
  /^(\w+) × (\d), step (\d): [\d.]+ s, \d+ tokens\/s, [\d.]+ GiB at most, ([0-9a-f]{64})$/;

test("every backend and number of threads trains the whole model to the same root after each step", () => {
  const options = ["--tokens", "12", "--steps", "2", "--backends", backends.join()];
  const { status, stdout, stderr } = train(GENESIS_FOLDER, ...options);
  expect([status, stderr]).toEqual([0, ""]);
  const told = stdout
    .trim()
    .split("\n")
    .map((line) => LINE.exec(line)!.slice(1));
  expect(told.map(([backend, threads, step]) => [backend, threads, step])).toEqual(
    backends.flatMap((backend) =>
      ["1", "2"].flatMap((threads) => ["1", "2"].map((step) => [backend, threads, step])),
    ),
  );
  const rootsOf = (wanted: string) =>
    new Set(told.filter(([, , step]) => step === wanted).map(([, , , root]) => root));
  expect(rootsOf("1").size).toBe(1);
  expect(rootsOf("2").size).toBe(1);
  expect(rootsOf("2")).not.toEqual(rootsOf("1"));
});

test("no model, and a backend that there is not, are refused", () => {
  const without = train();
  expect([without.status, without.stderr]).toEqual([2, expect.stringContaining("usage:")]);
  const unknown = train(GENESIS_FOLDER, "--tokens", "2", "--backends", "abacus");
  expect([unknown.status, unknown.stdout]).toEqual([1, ""]);
  expect(unknown.stderr).toContain('no backend "abacus"');
});
