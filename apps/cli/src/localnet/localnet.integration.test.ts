/** The real chain under the real front door: whatever happens, no process is left behind. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processBirth } from "@r3mes/service/testing";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { findOlderNode } from "../testing/findOlderNode.ts";
import { type CliRun, cleanEnvironment, door, runCli, startCli } from "../testing/startCli.ts";
import { holdPort } from "./holdPort.ts";

let home = "";
let runs: CliRun[] = [];
/** The home of a chain that was started once and stopped, so that not every test makes its own. */
let template = "";
let templateHeight = 0;

beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "r3mes-localnet-"));
  home = template;
  const run = start("--ports", "auto");
  templateHeight = (await untilReady(run)).height;
  await end(run, "SIGINT");
  runs = [];
});
afterAll(() => rmSync(template, { recursive: true }));

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "r3mes-localnet-"));
});
afterEach(async () => {
  for (const { child } of runs) child.kill("SIGTERM");
  await Promise.all(runs.map(({ ended }) => ended));
  runs = [];
  await runCli(["localnet", "stop", "--home", home]);
  rmSync(home, { recursive: true, force: true });
});

function start(...options: readonly string[]): CliRun {
  const env = { R3MES_LOCALNET_BLOCK_TIME_MS: "200", R3MES_LOCALNET_CHAIN_ONLY: "true" };
  const run = startCli(["localnet", "--json", "--home", home, ...options], { env });
  runs.push(run);
  return run;
}

/** Goes on with the chain of the template, in a home of this test's own. */
function startPrepared(...options: readonly string[]): CliRun {
  cpSync(template, home, { recursive: true });
  return start(...options);
}

type Status = {
  readonly height: number;
  readonly peers: number;
  readonly processes: readonly { name: string; state: string; pid: number }[];
  readonly urls: { readonly rpc: string };
};

async function untilReady(run: CliRun): Promise<Status> {
  return (await run.event(({ event }) => event === "ready")) as unknown as Status;
}

async function status(): Promise<Status> {
  const { stdout } = await runCli(["localnet", "status", "--json", "--home", home]);
  return JSON.parse(stdout) as Status;
}

async function end(run: CliRun, signal: NodeJS.Signals): Promise<Awaited<CliRun["ended"]>> {
  run.child.kill(signal);
  return run.ended;
}

function untilGone(...pids: readonly number[]): Promise<void> {
  return vi.waitFor(() => expect(pids.filter((pid) => processBirth(pid) !== null)).toEqual([]), {
    timeout: 180_000,
    interval: 100,
  });
}

const long = { timeout: 180_000, interval: 200 };
const rpcPort = ({ urls }: Status): number => Number(new URL(urls.rpc).port);
const configFile = (name: string): string => join(home, "localnet/validator-0/config", name);

test("a start that is ended while it sets the chain up says so and leaves nothing that runs", async () => {
  const run = start("--ports", "auto");
  await run.event(({ event }) => event === "step");
  expect(await end(run, "SIGINT")).toMatchObject({ signal: "SIGINT", stderr: "" });
  expect(run.events().at(-1)).toEqual({ event: "stopped", height: null });
  expect(existsSync(join(home, "localnet"))).toBe(false);
  expect((await untilReady(start())).height).toBeGreaterThan(0);
});

test("a localnet makes blocks, ends with Ctrl-C, and goes on from the old height", async () => {
  const first = start("--ports", "auto");
  const ready = await untilReady(first);
  expect(ready.height).toBeGreaterThan(0);
  await vi.waitFor(async () => expect((await status()).height).toBeGreaterThan(ready.height), long);
  const running = await status();
  expect(running.processes).toEqual([
    { name: "validator-0", state: "ready", pid: expect.any(Number), restarts: 0 },
  ]);
  const { pid } = running.processes[0]!;
  expect(processBirth(pid)).not.toBeNull();

  expect(await end(first, "SIGINT")).toMatchObject({ code: 0, stderr: "" });
  expect(processBirth(pid)).toBeNull();
  const freed = await holdPort(rpcPort(ready));
  expect(freed).not.toBeNull();
  await freed!.release();
  const stopped = first.events().at(-1) as { event: string; height: number };
  expect(stopped).toMatchObject({ event: "stopped", height: expect.any(Number) });
  expect(await runCli(["localnet", "status", "--json", "--home", home])).toMatchObject({
    code: 4,
    stdout: expect.stringContaining("LOCALNET_NOT_RUNNING"),
  });

  const again = await untilReady(start());
  expect(again.height).toBeGreaterThanOrEqual(stopped.height);
  expect(again.urls).toEqual(ready.urls);
});

test("keys are fresh, for this user alone, and every server binds the loopback", async () => {
  await untilReady(startPrepared());
  const keyring = join(home, "localnet/validator-0/keyring-test");
  const keys = [
    configFile("priv_validator_key.json"),
    configFile("node_key.json"),
    ...readdirSync(keyring).map((file) => join(keyring, file)),
  ];
  for (const key of keys) expect(statSync(key).mode & 0o777).toBe(0o600);
  for (const name of ["config.toml", "app.toml"]) {
    const lines = readFileSync(configFile(name), "utf8").split("\n");
    const addresses = lines.filter((line) => /^(laddr|address) = /.test(line));
    expect(addresses.length).toBeGreaterThan(0);
    for (const line of addresses) expect(line).toMatch(/127\.0\.0\.1:\d+"$/);
  }
  expect(readFileSync(configFile("app.toml"), "utf8")).toMatch(
    /^minimum-gas-prices = "0\.\d*[1-9]\d*uremes"$/m,
  );
});

test("a validator that is killed comes back, and its chain goes on", async () => {
  const before = await untilReady(startPrepared());
  const killed = await runCli(["localnet", "kill", "validator-0", "--json", "--home", home]);
  expect(killed.code).toBe(0);
  const { pid } = before.processes[0]!;
  await vi.waitFor(async () => {
    const { height, processes } = await status();
    expect(processes).toEqual([
      { name: "validator-0", state: "ready", pid: expect.any(Number), restarts: 1 },
    ]);
    expect(processes[0]!.pid).not.toBe(pid);
    expect(height).toBeGreaterThan(before.height);
  }, long);
});

test("a child that ends whenever it is started is named with its last lines, and all stops", async () => {
  const run = startPrepared();
  const { processes } = await untilReady(run);
  writeFileSync(configFile("config.toml"), "no configuration");
  process.kill(processes[0]!.pid, "SIGKILL");
  const { code } = await run.ended;
  expect(code).toBe(1);
  const report = run.events().at(-1) as { facts: { lines: readonly string[] } };
  expect(report).toMatchObject({
    code: "LOCALNET_PROCESS_DIED",
    facts: {
      process: "validator-0",
      ending: "exit code 1",
      log: join(home, "logs/validator-0.log"),
    },
  });
  expect(report.facts.lines.join("\n")).toContain("While parsing config");
  expect(existsSync(join(home, "run.json"))).toBe(false);
});

test("a state that is damaged while it runs ends all in order, and is told", async () => {
  const run = startPrepared();
  const { processes } = await untilReady(run);
  writeFileSync(configFile("genesis.json"), "no genesis");
  expect((await run.ended).code).toBe(8);
  expect(run.events().at(-1)).toMatchObject({ code: "LOCALNET_STATE_CORRUPT" });
  expect(processBirth(processes[0]!.pid)).toBeNull();
});

test.each(["SIGTERM", "SIGHUP"] as const)(
  "%s to the front door ends everything",
  async (signal) => {
    const run = startPrepared();
    const { processes } = await untilReady(run);
    expect((await end(run, signal)).code).toBe(0);
    expect(processBirth(processes[0]!.pid)).toBeNull();
  },
);

test("a front door that is killed outright leaves nothing that the next start minds", async () => {
  const killed = startPrepared();
  const { processes, height } = await untilReady(killed);
  expect(height).toBeGreaterThanOrEqual(templateHeight);
  await end(killed, "SIGKILL");
  const next = start();
  expect((await untilReady(next)).height).toBeGreaterThanOrEqual(height);
  await untilGone(processes[0]!.pid);
});

test("a set-up that is killed in the middle leaves no half chain", async () => {
  const killed = start("--ports", "auto");
  await killed.event(({ text }) => text === "writing the genesis");
  await end(killed, "SIGKILL");
  expect(existsSync(join(home, "localnet"))).toBe(false);
  await untilReady(start("--ports", "auto"));
  expect(existsSync(join(home, "localnet.unfinished"))).toBe(false);
});

test("a second localnet on the same home is refused, and stop ends the first", async () => {
  const first = startPrepared();
  await untilReady(first);
  const second = await runCli(["localnet", "--json", "--home", home, "--reset", "--yes"]);
  expect(second.code).toBe(8);
  expect(JSON.parse(second.stdout)).toMatchObject({
    code: "LOCALNET_RUNNING",
    facts: { home, pid: first.pid },
  });
  const stop = ["localnet", "stop", "--json", "--home", home];
  expect(JSON.parse((await runCli(stop)).stdout)).toEqual({ stopped: true });
  expect((await first.ended).code).toBe(0);
  expect(JSON.parse((await runCli(stop)).stdout)).toEqual({ stopped: false });
});

test("a port that is taken meanwhile is left to its holder, and another is remembered", async () => {
  const first = startPrepared();
  const before = await untilReady(first);
  await end(first, "SIGINT");
  const server = createServer();
  await new Promise<void>((done) => server.listen(rpcPort(before), "127.0.0.1", done));
  try {
    const after = await untilReady(start());
    expect(rpcPort(after)).not.toBe(rpcPort(before));
    const remembered = JSON.parse(readFileSync(join(home, "localnet/localnet.json"), "utf8"));
    expect(remembered.validators[0].ports.rpc).toBe(rpcPort(after));
  } finally {
    server.close();
  }
});

test("a default port in use is reported with its holder before anything starts", async () => {
  const server = createServer();
  await new Promise<void>((done) => {
    // Whoever else holds the port on this machine does as well.
    server.once("error", () => done());
    server.listen(26_656, "127.0.0.1", done);
  });
  try {
    const { code, stdout } = await runCli([
      "localnet",
      "--ports",
      "default",
      "--json",
      "--home",
      home,
    ]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "PORT_IN_USE",
      facts: { port: 26_656, purpose: "p2p", holder: expect.stringMatching(/\(process \d+\)$/) },
    });
    expect(existsSync(join(home, "localnet"))).toBe(false);
  } finally {
    server.close();
  }
});

test("reset needs a yes, then makes another chain", async () => {
  const first = startPrepared();
  await untilReady(first);
  await end(first, "SIGINT");
  const nodeKey = readFileSync(configFile("node_key.json"), "utf8");

  const refused = await runCli(["localnet", "--reset", "--json", "--home", home]);
  expect(refused.code).toBe(8);
  expect(JSON.parse(refused.stdout).code).toBe("CONFIRMATION_NEEDED");
  expect(readFileSync(configFile("node_key.json"), "utf8")).toBe(nodeKey);

  await untilReady(start("--reset", "--yes", "--ports", "auto"));
  expect(readFileSync(configFile("node_key.json"), "utf8")).not.toBe(nodeKey);
});

test("a damaged state is refused and kept, and reset is the way out", async () => {
  const first = startPrepared();
  await untilReady(first);
  await end(first, "SIGINT");
  const stateFile = join(home, "localnet/localnet.json");
  const state = readFileSync(stateFile, "utf8");
  const refusal = async (): Promise<unknown> => {
    const { code, stdout } = await runCli(["localnet", "--json", "--home", home]);
    expect(code).toBe(8);
    return JSON.parse(stdout).code;
  };
  writeFileSync(stateFile, "{");
  expect(await refusal()).toBe("LOCALNET_STATE_CORRUPT");
  const later = state.replace('"version": 2', '"version": 3');
  expect(later).not.toBe(state);
  writeFileSync(stateFile, later);
  expect(await refusal()).toBe("LOCALNET_STATE_FOREIGN");
  writeFileSync(stateFile, state);
  rmSync(configFile("genesis.json"));
  expect(await refusal()).toBe("LOCALNET_STATE_CORRUPT");
  expect(existsSync(configFile("priv_validator_key.json"))).toBe(true);
  await untilReady(start("--reset", "--yes", "--ports", "auto"));
});

test("two validators make one chain, and their number cannot change", async () => {
  const run = start("--ports", "auto", "--validators", "2");
  const { processes, peers } = await untilReady(run);
  expect(processes.map(({ name, state }) => [name, state])).toEqual([
    ["validator-0", "ready"],
    ["validator-1", "ready"],
  ]);
  expect(peers).toBe(1);
  await end(run, "SIGINT");
  for (const { pid } of processes) expect(processBirth(pid)).toBeNull();
  const { code, stdout } = await runCli([
    "localnet",
    "--validators",
    "3",
    "--json",
    "--home",
    home,
  ]);
  expect(code).toBe(8);
  expect(JSON.parse(stdout)).toMatchObject({
    code: "LOCALNET_VALIDATORS_FIXED",
    facts: { found: 2 },
  });
});

test("a missing program and a home that cannot be written have codes", async () => {
  const env = { R3MES_LOCALNET_REMESD: join(home, "absent") };
  const missing = await runCli(["localnet", "--json", "--home", home], { env });
  expect(missing.code).toBe(3);
  expect(JSON.parse(missing.stdout).code).toBe("REMESD_MISSING");
  writeFileSync(join(home, "file"), "");
  const unwritable = await runCli(["localnet", "--json", "--home", join(home, "file/.r3mes")]);
  expect(unwritable.code).toBe(3);
  expect(JSON.parse(unwritable.stdout).code).toBe("FOLDER_NOT_WRITABLE");
});

test("a program that refuses to set up a chain is quoted, and nothing is left", async () => {
  const env = { R3MES_LOCALNET_REMESD: "/bin/false" };
  const { code, stdout } = await runCli(["localnet", "--json", "--home", home], { env });
  expect(code).toBe(1);
  const report = stdout.trim().split("\n").at(-1)!;
  expect(JSON.parse(report)).toMatchObject({ code: "LOCALNET_SETUP_FAILED" });
  expect(existsSync(join(home, "localnet"))).toBe(false);
});

test("the logs of a process are shown, and a misspelt name is told", async () => {
  await untilReady(startPrepared());
  const logs = (...more: readonly string[]) =>
    runCli(["localnet", "logs", "--json", "--home", home, ...more]);
  const lines = (await logs("validator-0", "-n", "2")).stdout.trim().split("\n");
  expect(lines.map((line) => JSON.parse(line).name)).toEqual(["validator-0", "validator-0"]);
  expect(JSON.parse((await logs("validator")).stdout)).toMatchObject({
    code: "LOCALNET_LOG_UNKNOWN",
    facts: { nearest: "validator-0" },
  });
});

/** Mounts a small disk in memory over the home, where this user may. */
function mountSmallDisk(...options: readonly string[]): boolean {
  const args = ["-t", "tmpfs", "-o", ["size=300m", ...options].join(","), "tmpfs", home];
  return spawnSync("mount", args).status === 0;
}

const mayMount = process.platform === "linux" && process.getuid?.() === 0;

test.skipIf(!mayMount)(
  "a disk that fills up stops the chain, which goes on with room",
  async () => {
    expect(mountSmallDisk()).toBe(true);
    try {
      const run = startPrepared();
      await untilReady(run);
      expect(spawnSync("dd", ["if=/dev/zero", `of=${home}/fill`, "bs=1M"]).status).toBe(1);
      expect((await run.ended).code).toBe(3);
      expect(run.events().at(-1)).toMatchObject({ code: "DISK_FULL" });
      rmSync(join(home, "fill"));
      const again = start();
      expect((await untilReady(again)).height).toBeGreaterThanOrEqual(templateHeight);
      await end(again, "SIGINT");
    } finally {
      execFileSync("umount", ["--lazy", home]);
    }
  },
);

test.skipIf(!mayMount)("a read-only disk is told before anything starts", async () => {
  expect(mountSmallDisk("ro")).toBe(true);
  try {
    const below = join(home, "project/.r3mes");
    const { code, stdout } = await runCli(["localnet", "--json", "--home", below]);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      code: "FOLDER_NOT_WRITABLE",
      facts: { reason: "EROFS" },
    });
  } finally {
    execFileSync("umount", ["--lazy", home]);
  }
});

const olderNode = findOlderNode();

test.skipIf(olderNode === null).each(["SIGTERM", "SIGKILL"] as const)(
  "an older Node that handed over and gets %s takes everything with it",
  async (signal) => {
    cpSync(template, home, { recursive: true });
    const run = startCli(["localnet", "--json", "--home", home], { node: olderNode! });
    runs.push(run);
    const { processes } = await untilReady(run);
    await end(run, signal);
    await untilGone(processes[0]!.pid);
    await vi.waitFor(() => expect(existsSync(join(home, "localnet.lock"))).toBe(false), long);
  },
);

const script = "/usr/bin/script";

test.skipIf(!existsSync(script))(
  "on a terminal there is a board, Ctrl-C ends it, and so does closing the terminal",
  async () => {
    cpSync(template, home, { recursive: true });
    const command = `${process.execPath} ${door} localnet --home ${home}`;
    const open = () =>
      spawn(script, ["--quiet", "--flush", "--command", command, "/dev/null"], {
        env: { ...cleanEnvironment(), TERM: "xterm", R3MES_LOCALNET_BLOCK_TIME_MS: "200" },
      });
    const untilRunning = async (): Promise<number> => {
      await vi.waitFor(async () => expect((await status()).height).toBeGreaterThan(0), {
        timeout: 120_000,
        interval: 500,
      });
      return (await status()).processes[0]!.pid;
    };

    const terminal = open();
    let screen = "";
    terminal.stdout.on("data", (text) => {
      screen += String(text);
    });
    const pid = await untilRunning();
    await vi.waitFor(() => expect(screen).toMatch(/processes.*ready.*validator-0/), long);
    terminal.stdin.write("\u0003");
    await untilGone(pid);
    await vi.waitFor(() => expect(screen).toContain("The state is kept"), long);

    const closed = open();
    const second = await untilRunning();
    closed.kill("SIGKILL");
    await untilGone(second);
    await vi.waitFor(() => expect(existsSync(join(home, "localnet.lock"))).toBe(false), long);
  },
);

test("no process of these tests is left", () => {
  const processes = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).split("\n");
  expect(processes.filter((line) => /remesd start .*r3mes-localnet-/.test(line))).toEqual([]);
});
