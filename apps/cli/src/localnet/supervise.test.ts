import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "@r3mes/service";
import { processBirth } from "@r3mes/service/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { ProcessReport, ProcessSpec } from "./processSpec.ts";
import { type Supervisor, supervise } from "./supervise.ts";

let logs = "";
let supervisor: Supervisor | null = null;
let history: string[] = [];
let holder: Server | null = null;
beforeEach(() => {
  logs = mkdtempSync(join(tmpdir(), "r3mes-supervise-"));
  history = [];
});
afterEach(async () => {
  await supervisor?.stop();
  holder?.close();
  rmSync(logs, { recursive: true });
});

/** A real child process that runs a line of JavaScript; ready once its log has the word "ready". */
function script(name: string, code: string, extra: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: ["-e", code],
    ports: {},
    after: [],
    isReady: async () => readFileSync(join(logs, `${name}.log`), "utf8").includes("ready"),
    readyWithinMs: 60_000,
    ...extra,
  };
}

const serving = 'console.log("ready"); setInterval(() => {}, 1000);';

function start(specs: readonly ProcessSpec[], stopWithinMs = 60_000): Supervisor {
  let before: readonly ProcessReport[] = [];
  const onChange = (processes: readonly ProcessReport[]): void => {
    processes.forEach(({ name, state }, index) => {
      if (before[index]?.state !== state) history.push(`${name} ${state}`);
    });
    before = processes;
  };
  const letGo = async (ports: ProcessSpec["ports"]) => {
    for (const purpose of Object.keys(ports)) history.push(`${purpose} let go`);
  };
  supervisor = supervise(specs, { logs, stopWithinMs }, { clock: systemClock, onChange, letGo });
  return supervisor;
}

function pidOf(name: string): number {
  return supervisor!.processes().find((process) => process.name === name)!.pid!;
}

test("a process starts when those it needs are ready, and stops before them", async () => {
  const { ready, stop, processes } = start([
    script("chain", serving),
    script("api", serving, { after: ["chain"] }),
  ]);
  await ready;
  const pids = [pidOf("chain"), pidOf("api")];
  for (const pid of pids) expect(processBirth(pid)).not.toBeNull();
  await stop();
  for (const pid of pids) expect(processBirth(pid)).toBeNull();
  expect(processes().map(({ state, pid }) => [state, pid])).toEqual([
    ["stopped", null],
    ["stopped", null],
  ]);
  const waiting = ["chain starting", "api waiting", "chain ready", "api starting", "api ready"];
  const ending = ["api stopping", "api stopped", "chain stopping", "chain stopped"];
  expect(history).toEqual([...waiting, ...ending]);
});

test("the ports of a process are let go just before it starts", async () => {
  const { ready, stop } = start([
    script("chain", serving, { ports: { rpc: 1 } }),
    script("api", serving, { ports: { http: 2 }, after: ["chain"] }),
  ]);
  await ready;
  await stop();
  expect(history.slice(0, 7)).toEqual([
    ...["rpc let go", "chain starting", "api waiting"],
    ...["chain ready", "http let go", "api starting", "api ready"],
  ]);
});

test("a process waits for those that must be there before it, and stops before all others if it is made to", async () => {
  const isThere = () => readFileSync(join(logs, "verifier.log"), "utf8").includes("ready");
  const { ready, stop } = start([
    script("chain", serving, { mayStart: async () => isThere(), stopsFirst: true }),
    script("verifier", serving),
    script("api", serving, { after: ["chain"] }),
  ]);
  await ready;
  await stop();
  const begun = history.filter((change) => change.endsWith("starting"));
  expect(begun).toEqual(["verifier starting", "chain starting", "api starting"]);
  const ended = history.filter((change) => change.endsWith("stopped"));
  expect(ended[0]).toBe("chain stopped");
  expect(history.indexOf("chain stopped")).toBeLessThan(history.indexOf("verifier stopping"));
});

test("stopping while a process may not start yet ends the wait", async () => {
  const { stop, processes } = start([script("chain", serving, { mayStart: async () => false })]);
  await stop();
  expect(processes()).toMatchObject([{ state: "waiting", pid: null }]);
});

test("a process that dies is named with its ending and its last lines", async () => {
  const dying =
    'console.log("ready"); setTimeout(() => { console.error("no peer"); process.exit(7) }, 300)';
  const { failed } = start([script("miner", dying)]);
  expect((await failed).toJSON()).toMatchObject({
    code: "LOCALNET_PROCESS_DIED",
    facts: { process: "miner", ending: "exit code 7", lines: ["ready", "no peer"] },
  });
});

test("a process that is killed is named with the signal", async () => {
  const { ready, failed } = start([script("miner", serving)]);
  await ready;
  process.kill(pidOf("miner"), "SIGKILL");
  expect((await failed).facts).toMatchObject({ process: "miner", ending: "signal SIGKILL" });
});

test("a program that is not there is a process that died", async () => {
  const { failed } = start([script("miner", "", { command: join(logs, "absent") })]);
  expect((await failed).facts).toMatchObject({ ending: "it could not start: ENOENT" });
});

test.runIf(process.platform === "linux")("a log on a full disk ends the run", async () => {
  // The device behind the log refuses every byte with the very error that a full disk gives.
  symlinkSync("/dev/full", join(logs, "miner.log"));
  const { failed } = start([script("miner", serving, { isReady: async () => true })]);
  expect(await failed).toMatchObject({ code: "DISK_FULL", facts: { path: logs } });
});

test("a process that does not get ready is named", async () => {
  const { failed } = start([script("miner", "setInterval(() => {}, 1000)", { readyWithinMs: 1 })]);
  expect(await failed).toMatchObject({ code: "LOCALNET_NOT_READY", facts: { process: "miner" } });
});

test("a process that does not listen to SIGTERM is killed, and so is what it started", async () => {
  const stubborn = `
    process.on("SIGTERM", () => console.log("no"));
    const { pid } = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    console.log("ready", pid);
    setInterval(() => {}, 1000);`;
  const { ready, stop } = start([script("miner", stubborn)], 500);
  await ready;
  const parent = pidOf("miner");
  const log = () => readFileSync(join(logs, "miner.log"), "utf8");
  await vi.waitFor(() => expect(log()).toMatch(/ready \d+/));
  const child = Number(/ready (\d+)/.exec(log())![1]);
  expect(processBirth(child)).not.toBeNull();
  await stop();
  expect(log()).toContain("no");
  await vi.waitFor(() => {
    expect([processBirth(parent), processBirth(child)]).toEqual([null, null]);
  });
});

test("stopping while processes still start leaves none behind", async () => {
  const { stop, processes } = start([
    script("chain", "setInterval(() => {}, 1000)"),
    script("api", serving, { after: ["chain"] }),
  ]);
  await vi.waitFor(() => expect(pidOf("chain")).not.toBeNull());
  await stop();
  expect(processes().map(({ pid }) => pid)).toEqual([null, null]);
  expect(history).not.toContain("api starting");
});

test("a process must stand after those it needs", async () => {
  const { ready } = start([script("api", serving, { after: ["chain"] })]);
  await expect(ready).rejects.toMatchObject({ code: "ASSERTION_FAILED" });
});

test("a process that may be killed comes back, and its restarts are counted", async () => {
  const { ready, processes } = start([script("miner", serving, { restarts: true })]);
  await ready;
  const before = pidOf("miner");
  process.kill(before, "SIGKILL");
  await vi.waitFor(() => expect(processes()).toMatchObject([{ state: "ready", restarts: 1 }]), {
    timeout: 30_000,
    interval: 50,
  });
  expect(pidOf("miner")).not.toBe(before);
});

test("one that the others do not need ends alone, with the reason that it gave", async () => {
  const said = { code: "DISK_FULL", facts: { path: "/store", neededBytes: 5, freeBytes: 1 } };
  const failing = `console.error(${JSON.stringify(JSON.stringify(said))}); process.exit(1);`;
  const extra = { restarts: true, endsAlone: true };
  const { ready, add, processes, failed } = start([
    script("chain", serving),
    script("miner-4", failing, extra),
  ]);
  let failure: unknown;
  void failed.then((error) => {
    failure = error;
  });
  // The others are waited for, and not this one.
  await ready;
  add(script("miner-5", "process.exit(3);", extra));
  const ended = [
    { name: "chain", state: "ready" },
    { name: "miner-4", state: "failed", pid: null, reason: expect.stringContaining("/store") },
    { name: "miner-5", state: "failed", reason: "exit code 3" },
  ];
  await vi.waitFor(() => expect(processes()).toMatchObject(ended), {
    timeout: 60_000,
    interval: 50,
  });
  expect(failure).toBeUndefined();
});

/** A port that this process has, and a line of JavaScript that ends for want of it. */
async function listenTwice(): Promise<{ readonly port: number; readonly code: string }> {
  holder = createServer();
  await new Promise<void>((done) => holder!.listen(0, "127.0.0.1", done));
  const { port } = holder.address() as AddressInfo;
  return { port, code: `require("node:net").createServer().listen(${port}, "127.0.0.1");` };
}

test("a process whose port another has is not started again: the port is named, and who has it", async () => {
  const { port, code } = await listenTwice();
  const extra = { restarts: true, ports: { p2p: undefined, rpc: port } };
  const { failed, processes } = start([script("chain", code, extra)]);
  const holder = expect.stringContaining(`(process ${process.pid})`);
  expect((await failed).toJSON()).toMatchObject({
    code: "PORT_IN_USE",
    facts: { port, purpose: "rpc", holder },
  });
  expect(processes()).toMatchObject([{ state: "failed", restarts: 0 }]);
});

test("one that the others do not need and whose port another has ends alone, and says so", async () => {
  const { port, code } = await listenTwice();
  const extra = { restarts: true, endsAlone: true, ports: { http: port } };
  const { ready, processes } = start([script("chain", serving), script("miner-4", code, extra)]);
  await ready;
  const reason = expect.stringContaining(`Port ${port} (http) is in use by`);
  expect(processes()).toMatchObject([{ state: "ready" }, { state: "failed", restarts: 0, reason }]);
});

test("a newcomer starts beside the others and stops with them", async () => {
  const { ready, add, stop, processes } = start([script("chain", serving)]);
  await ready;
  add(script("miner", serving, { after: ["chain"] }));
  await vi.waitFor(
    () => expect(processes()).toMatchObject([{ state: "ready" }, { state: "ready" }]),
    { timeout: 30_000, interval: 50 },
  );
  const pid = pidOf("miner");
  await stop();
  expect(processBirth(pid)).toBeNull();
});
