import { createServer } from "node:net";
import { hasNativeKernels } from "@r3mes/engine/node";
import { expect, test } from "vitest";
import { defaultPorts } from "../localnet/choosePorts.ts";
import { checkClock } from "./checkClock.ts";
import { checkNative } from "./checkNative.ts";
import { checkPorts } from "./checkPorts.ts";
import { checkCores, checkDisk, checkMemory } from "./checkResources.ts";
import { checkCompiler, checkNode, checkRemesd, isNewEnough } from "./checkTools.ts";
import { checkRelaxedSimd, checkSharedMemory, checkSimd } from "./checkWasm.ts";
import { programOutput } from "./programOutput.ts";

const gibibyte = 2 ** 30;

test("an old Node fails and names what is needed", () => {
  expect(checkNode("24.21.0").status).toBe("ok");
  expect(checkNode("20.20.2")).toMatchObject({ status: "fail", found: "20.20.2, needs 24" });
});

test.each([
  ["go1.25", true],
  ["go1.26.8", true],
  ["go1.27rc1", true],
  ["go2.0", true],
  ["go1.24.9", false],
  ["devel", false],
])("%s is new enough: %s", (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});

test("a program that is not there has no output, and one that refuses neither", async () => {
  expect(await programOutput("no-such-program-of-r3mes", [])).toBeNull();
  expect(await programOutput(process.execPath, ["-e", "process.exit(1)"])).toBeNull();
  expect(await programOutput(process.execPath, ["--version"])).toBe(process.version);
});

test("what is missing for later only warns", async () => {
  expect(checkRemesd("/no/such/remesd")).toMatchObject({ status: "warn" });
  expect(["ok", "warn"]).toContain((await checkCompiler()).status);
  const native = await checkNative();
  expect(native.status).toBe(hasNativeKernels() ? "ok" : "warn");
});

test("memory is what a container allows, if it allows less", () => {
  expect(checkMemory(16 * gibibyte, undefined).status).toBe("ok");
  expect(checkMemory(16 * gibibyte, 4 * gibibyte)).toMatchObject({
    status: "warn",
    found: "4.0 GiB",
  });
  expect(checkMemory(gibibyte, undefined).status).toBe("fail");
});

test("cores and disk are judged at their bounds", () => {
  expect(checkCores(2, "CPU").status).toBe("ok");
  expect(checkCores(1, "").found).toBe("1 × unknown processor");
  expect(checkCores(1, "CPU").status).toBe("warn");
  expect(checkDisk(10 * gibibyte).status).toBe("ok");
  expect(checkDisk(10 * gibibyte - 1).status).toBe("warn");
  expect(checkDisk(gibibyte - 1).status).toBe("fail");
});

test("the Node that is a dependency has vectors, relaxed vectors and shared memory", () => {
  expect(
    [checkSimd(), checkRelaxedSimd(), checkSharedMemory()].map(({ status }) => status),
  ).toEqual(["ok", "ok", "ok"]);
});

test("a clock is compared with the newest block, in both directions", () => {
  const now = Date.UTC(2027, 0, 1);
  expect(checkClock(now, now - 1_000).found).toBe("agrees with the newest block");
  expect(checkClock(now, now + 5_001)).toMatchObject({ status: "warn" });
  expect(checkClock(now, now - 60_000).status).toBe("ok");
  expect(checkClock(now, now - 5 * 3_600_000)).toMatchObject({
    status: "warn",
    found: "5 h ahead of the newest block",
    remedy: expect.stringContaining("npx r3mes localnet status"),
  });
  expect(checkClock(now, null).found).toContain("not compared: no chain runs here");
  expect(checkClock(Date.UTC(2020, 0, 1), null).status).toBe("fail");
});

test("a default port in use is named with its holder", async () => {
  const { rest } = defaultPorts(0);
  const server = createServer();
  const isOurs = await new Promise<boolean>((resolve) => {
    // Somebody else may hold it on the machine that runs the test: then that one is named.
    server.once("error", () => resolve(false));
    server.listen(rest, "127.0.0.1", () => resolve(true));
  });
  const { status, found } = await checkPorts([]);
  expect(status).toBe("warn");
  expect(found).toContain(`${rest} by`);
  if (isOurs) expect(found).toContain(`(process ${process.pid})`);
  expect((await checkPorts(Object.values(defaultPorts(0)))).found).toBe("in use by this localnet");
  server.close();
});
