import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { GENESIS_FOLDER } from "@r3mes/models/node";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("./decode2b4t.ts", import.meta.url));
const decode = (...args: string[]) =>
  spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
const brief = ["--tokens", "2", "--rounds", "1"];

test("a token is timed beside a rival's, on each number of threads", () => {
  // A rival prints its milliseconds a token; this one takes its arguments and always says the same.
  const rival = `${process.execPath} -p 1e9`;
  const { status, stdout, stderr } = decode(GENESIS_FOLDER, ...brief, "--rival", rival);
  expect([status, stderr]).toEqual([0, ""]);
  const [about, ...lines] = stdout.trim().split("\n");
  expect(about).toMatch(/^(native kernels|WASM), [\d.]+ MB$/);
  const ofThreads = (threads: number) => [
    expect.stringMatching(
      `^${threads} threads: loaded in [\\d.]+ s, \\d+ MB/s; a plain read of the file \\d+ MB/s$`,
    ),
    expect.stringMatching(`^${threads} threads: [\\d.]+ ms a token$`),
    expect.stringMatching(/-p 1e9: 1000000000\.0 ms a token, \d{4,}\.\d\d times as long$/),
  ];
  expect(lines).toEqual([...ofThreads(1), ...ofThreads(2)]);
});

test("texts with adapters of their own are timed beside one of them", () => {
  const options = ["--threads", "1", "--texts", "3", "--rank", "8", "--context", "16"];
  const { status, stdout, stderr } = decode(GENESIS_FOLDER, ...brief, ...options);
  expect([status, stderr]).toEqual([0, ""]);
  const figures = "[\\d.]+ ms a token, one of them [\\d.]+ ms: [\\d.]+ times the tokens/s";
  expect(stdout.trim().split("\n")[1]).toMatch(
    new RegExp(`^1 threads: 3 texts on 3 adapters of rank 8, median ${figures}; least ${figures}$`),
  );
});

test("no model is refused", () => {
  const { status, stderr } = decode();
  expect([status, stderr]).toEqual([2, expect.stringContaining("usage:")]);
});
