import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identify, isAlive } from "./processBirth.ts";

test("a process is alive until it ends, and another birth is another process", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  const identity = identify(child.pid!);
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, birth: "1" })).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isAlive(identity)).toBe(false);
});

test("a number that nobody has is not alive", () => {
  expect(isAlive(identify(2 ** 30))).toBe(false);
});
