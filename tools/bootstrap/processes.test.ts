import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { endGroup, identify, isAlive } from "./processes.js";

test("a process is known by its id and its start, until it ends", async () => {
  const child = spawn("sleep", ["600"]);
  const identity = identify(Number(child.pid))!;
  expect(isAlive(identity)).toBe(true);
  expect(isAlive({ ...identity, started: "at another time" })).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isAlive(identity)).toBe(false);
  expect(identify(identity.pid)).toBeNull();
});

test("a group ends with a member that ignores the request and outlives its leader", async () => {
  const script = `trap "" TERM; sleep 600 & echo $!; trap "exit" TERM; wait`;
  const child = spawn("sh", ["-c", script], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [printed] = await once(child.stdout, "data");
  const stubborn = identify(Number(printed))!;
  const exited = once(child, "exit");
  await endGroup(identify(Number(child.pid))!, 300);
  await exited;
  expect(isAlive(stubborn)).toBe(false);
});

test("a group whose leader's id was given to another process is left alone", async () => {
  const child = spawn("sleep", ["600"], { detached: true });
  const identity = identify(Number(child.pid))!;
  await endGroup({ ...identity, started: "at another time" });
  expect(isAlive(identity)).toBe(true);
  child.kill("SIGKILL");
});
