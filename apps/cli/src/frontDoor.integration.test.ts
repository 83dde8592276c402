import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findOlderNode } from "./testing/findOlderNode.ts";
import { runCli, startCli } from "./testing/startCli.ts";

let home = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "r3mes-door-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const ansi = "\u001b";

test("every level has help with examples, and help is no error", async () => {
  for (const path of [[], ["localnet"], ["localnet", "logs"], ["config", "show"], ["doctor"]]) {
    const { code, stdout, stderr } = await runCli([...path, "--help"]);
    expect(stdout).toContain("Examples:");
    expect(stdout).toContain(`Usage: r3mes${path.map((word) => ` ${word}`).join("")}`);
    expect(stdout).not.toContain(ansi);
    expect([code, stderr]).toEqual([0, ""]);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  }
});

test("the top level lists the exit codes and loads neither the settings nor the catalogue", async () => {
  const trace = `data:text/javascript,${encodeURIComponent(`
    import { registerHooks } from "node:module";
    registerHooks({
      load(url, context, next) {
        if (/zod|smol-toml|pino|prom-client|gen\\/errors/.test(url)) process.stderr.write(url);
        return next(url, context);
      },
    });`)}`;
  const { stdout, stderr } = await runCli(["--help"], {
    env: { NODE_OPTIONS: `--import=${trace}` },
  });
  expect(stdout).toContain("8  r3mes refused, because something would be lost");
  expect(stderr).toBe("");
});

test("logs that are followed end when nobody reads them any more", async () => {
  mkdirSync(join(home, "logs"));
  const log = join(home, "logs/chain.log");
  writeFileSync(log, "first\n");
  const run = startCli(["localnet", "logs", "-f", "--json", "--home", home]);
  await run.event(({ line }) => line === "first");
  run.child.stdout!.destroy();
  // Nobody is told before something is written.
  const writing = setInterval(() => appendFileSync(log, "more\n"), 50);
  expect(await run.ended).toMatchObject({ code: 0, stderr: "" });
  clearInterval(writing);
});

test("a usage error is text on standard error, or JSON on standard output when asked", async () => {
  const asText = await runCli(["localnt"]);
  expect(asText).toMatchObject({ code: 2, stdout: "" });
  expect(asText.stderr).toContain("Did you mean localnet?");
  expect(asText.stderr).not.toContain(ansi);

  const asJson = await runCli(["localnt", "--json"]);
  expect(asJson).toMatchObject({ code: 2, stderr: "" });
  expect(JSON.parse(asJson.stdout)).toEqual({
    code: "COMMAND_UNKNOWN",
    message: "There is no command localnt",
    facts: { command: "localnt", nearest: "localnet" },
    next: expect.any(String),
  });
});

test("what the doctor says of this machine has the published form", async () => {
  const { stdout, code } = await runCli(["doctor", "--json", "--home", home]);
  const schemaPath = join(import.meta.dirname, "../schema/doctor.schema.json");
  const validate = new Ajv2020().compile(JSON.parse(readFileSync(schemaPath, "utf8")));
  const report = JSON.parse(stdout);
  expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  expect(code).toBe(report.ok ? 0 : 1);
  expect(report.checks).toHaveLength(15);
});

test("the doctor's text fits 80 columns", async () => {
  const { stdout } = await runCli(["doctor", "--home", home]);
  for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(stdout).toMatch(/^ ok {4}node/m);
});

test("the version names every part, and the specification by its hash", async () => {
  const { stdout, code } = await runCli(["version", "--json", "--home", home]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    r3mes: expect.stringMatching(/^\d+\.\d+\.\d+/),
    node: process.versions.node,
    remesd: { cosmosSdk: expect.stringMatching(/^v0\.53\./) },
    spec: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect((await runCli(["--version", "--home", home])).stdout).toContain("Cosmos SDK");
});

test("the configuration shows where each value came from", async () => {
  const file = join(home, "config.toml");
  writeFileSync(file, '[localnet]\nblockTimeMs = 500\nports = "auto"\n');
  const env = { R3MES_LOCALNET_PORTS: "default", R3MES_HOME: home };
  const { stdout } = await runCli(["config", "show", "--origin", "--json"], { env });
  const { settings } = JSON.parse(stdout) as {
    settings: { key: string; value: unknown; origin: string }[];
  };
  const byKey = new Map(settings.map(({ key, value, origin }) => [key, [value, origin]]));
  expect(byKey.get("localnet.blockTimeMs")).toEqual([500, file]);
  expect(byKey.get("localnet.ports")).toEqual(["default", "environment R3MES_LOCALNET_PORTS"]);
  expect(byKey.get("log.level")).toEqual(["info", "default"]);
  expect(JSON.parse((await runCli(["config", "path", "--json"], { env })).stdout)).toEqual({
    path: file,
    exists: true,
  });
});

test.each([
  ["not TOML", "[localnet\n", "CONFIG_MALFORMED"],
  ["an unknown key", "[localnet]\nport = 1\n", "CONFIG_KEY_UNKNOWN"],
  ["a value out of range", "[localnet]\nvalidators = 99\n", "CONFIG_INVALID"],
])("a configuration file with %s is refused before anything starts", async (_name, text, code) => {
  writeFileSync(join(home, "config.toml"), text);
  const end = await runCli(["localnet", "--json", "--home", home]);
  expect(end.code).toBe(2);
  expect(JSON.parse(end.stdout)).toMatchObject({ code });
  expect(existsSync(join(home, "localnet"))).toBe(false);
});

test("why the process of a role ends is told in the form of every command, with its exit code", async () => {
  const config =
    '[chain]\nid = "x"\nrpc = "http://127.0.0.1:1"\n[key]\npasswordFile = "password"\n';
  writeFileSync(join(home, "config.toml"), config);
  writeFileSync(join(home, "password"), "any");
  writeFileSync(join(home, "keystore.json"), "{}");
  const asJson = await runCli(["mine", home, "--json"]);
  expect(asJson).toMatchObject({ code: 5, stderr: "" });
  expect(JSON.parse(asJson.stdout)).toMatchObject({ code: "KEYSTORE_MALFORMED" });
  expect((await runCli(["mine", home])).stderr).toMatch(/^error {2}The keystore cannot be read/);
});

test("a role says at once that it starts; ended before it is up it says so, and killed it names that", async () => {
  writeFileSync(join(home, "config.toml"), "[challenge]\nthreads = 1\n");
  // The process of the role comes no further than this.
  const waits =
    'process.argv[1]?.endsWith("main.ts") && (await new Promise((r) => setTimeout(r, 1e9)))';
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(waits)}` };
  const argv = ["challenge", "--watch", "--folder", home];
  const starting = `starting a challenger in ${home}; Ctrl-C stops it\n`;
  const begin = async () => {
    const run = startCli(argv, { env });
    await once(run.child.stdout!, "data");
    return run;
  };
  const stopped = await begin();
  stopped.child.kill("SIGINT");
  const stdout = `${starting}stopped; the same command resumes\n`;
  expect(await stopped.ended).toMatchObject({ code: 0, stdout, stderr: "" });

  const killed = await begin();
  execFileSync("pkill", ["-KILL", "-P", String(killed.pid)]);
  const end = await killed.ended;
  expect(end).toMatchObject({ code: 1, stdout: starting });
  expect(end.stderr).toContain("The challenger ended by itself: SIGKILL");
});

const olderNode = findOlderNode();

test.skipIf(olderNode === null)("an older Node hands over to the bundled one", async () => {
  const { stdout, code } = await runCli(["version", "--json"], { node: olderNode! });
  expect(code).toBe(0);
  expect(Number(JSON.parse(stdout).node.split(".")[0])).toBeGreaterThanOrEqual(24);
  expect((await runCli(["localnt"], { node: olderNode! })).code).toBe(2);
});
