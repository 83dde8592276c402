/** The runner on small projects of their own, with the real vitest and the real Go. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { identify } from "../bootstrap/processes.js";
import type { Run } from "./runs.ts";
import { runTests } from "./runTests.ts";

const repository = join(import.meta.dirname, "../..");
const hasGo = spawnSync("go", ["version"]).status === 0;

test("a check passes or fails as its script does, and a failed one is shown in full", async () => {
  const project = makeProject({
    "package.json": JSON.stringify({
      scripts: { good: "echo fine", bad: "echo finding one; exit 1" },
    }),
  });
  const { tally, output } = await project.run([
    script("check:good", "good"),
    script("check:bad", "bad"),
  ]);
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 });
  expect(output).toContain("finding one\n");
  expect(output).not.toContain("fine");
  expect(output).toContain("Failed:\n  check:bad: exit status 1\n");
});

test("vitest: passed, failed and skipped tests are counted, and a skip is named with its reason", async () => {
  const project = makeProject({
    "a.test.ts": `
      test("passes", () => {});
      test("fails", () => { throw new Error("as it should") });
      test("lacks its server", (context) => context.skip("redis is not installed"));`,
  });
  const { tally, output } = await project.run([vitest]);
  expect(tally).toEqual({ passed: 1, failed: 1, skipped: 1 });
  expect(output).toContain("skipped: a.test.ts > lacks its server (redis is not installed)");
  expect(output).toContain("a.test.ts > fails");
});

test("vitest: a module that does not load and a failed hook each count as one failed", async () => {
  const project = makeProject({
    "good.test.ts": `test("passes", () => {});`,
    "broken.test.ts": `import "./absent.ts"; test("is never seen", () => {});`,
    "hook.test.ts": `describe("suite", () => {
      beforeAll(() => { throw new Error("no world to test in") });
      test("is never run", () => {});
    });`,
  });
  const { tally, output } = await project.run([vitest]);
  expect(tally).toMatchObject({ passed: 1, failed: 2 });
  expect(output).toContain("broken.test.ts (could not be run)");
});

test("vitest: an error outside any test fails the run", async () => {
  const project = makeProject({
    "stray.test.ts": `test("passes", async () => {
      setTimeout(() => { throw new Error("stray") });
      await new Promise((resolve) => setTimeout(resolve, 100));
    });`,
  });
  expect((await project.run([vitest])).tally).toEqual({ passed: 1, failed: 1, skipped: 0 });
});

test("vitest: who waits is told which test ended last, whatever libraries print", async () => {
  const project = makeProject({
    "a.test.ts": `
      import { existsSync, writeSync } from "node:fs";
      test("ends first", () => {});
      test("goes on until that was told", async () => {
        while (!existsSync("told")) {
          writeSync(2, "error: a library is unhappy\\n");
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      }, 60_000);`,
  });
  const deps = {
    heartbeatMs: 20,
    hear(text: string) {
      if (text.includes(": a.test.ts > ends first")) writeFileSync(join(project.root, "told"), "");
    },
  };
  const { tally, output } = await project.run([vitest], deps);
  expect(tally).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(output).not.toContain("a library");
});

test("vitest: a run that dies before it counted is one failed", async () => {
  const killed = { ...vitest, command: { program: ["sh", "-c", "kill -9 $$"] } };
  const { tally, output } = await makeProject({}).run([killed]);
  expect(tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(output).toContain("unit: ended by SIGKILL");
});

test("vitest: a file whose process the engine ended is run again once, and named", async () => {
  const project = makeProject({
    "once.test.ts": `
      import { existsSync, writeFileSync, writeSync } from "node:fs";
      test("passes when run again", () => {
        if (existsSync("seen")) return;
        writeFileSync("seen", "");
        writeSync(2, "# Fatal error in , line 0\\n# Check failed: as it should.\\n");
        process.kill(process.pid, "SIGTRAP");
        return new Promise(() => {});
      });`,
    "good.test.ts": `test("passes", () => {});`,
  });
  const { tally, output } = await project.run([vitest]);
  expect(tally).toEqual({ passed: 2, failed: 0, skipped: 0 });
  expect(output).toContain("run again: once.test.ts, because the JavaScript engine ended its");
  expect(output).toContain("# Check failed: as it should.");
});

test.each(["SIGTRAP", "SIGSEGV"])(
  "vitest: a process that ends by %s whenever it is run has failed",
  async (signal) => {
    const project = makeProject({
      "always.test.ts": `test("dies", () => {
        process.kill(process.pid, "${signal}");
        return new Promise(() => {});
      });`,
      "good.test.ts": `test("passes", () => {});`,
    });
    const { tally, output } = await project.run([vitest]);
    expect(tally).toEqual({ passed: 1, failed: 1, skipped: 0 });
    expect(output).toContain(`always.test.ts (its process was ended by ${signal})`);
    expect(output.includes("run again")).toBe(signal === "SIGTRAP");
  },
);

test.skipIf(!hasGo)(
  "Go: tests and subtests are counted, and a package that does not compile is one failed",
  async () => {
    const project = makeProject({
      "go.mod": "module example.test\n\ngo 1.25\n",
      "good/good_test.go": `package good
      import "testing"
      func TestPasses(t *testing.T) { t.Run("inner", func(t *testing.T) {}) }
      func TestFails(t *testing.T) { t.Error("as it should") }
      func TestSkips(t *testing.T) { t.Log("redis is not installed"); t.SkipNow() }`,
      "broken/broken_test.go": `package broken
      import "testing"
      func TestUnseen(t *testing.T) { undefinedName() }`,
      "panics/panics_test.go": `package panics
      import "testing"
      func TestPanics(t *testing.T) { panic("as it should") }`,
    });
    const { tally, output } = await project.run([go]);
    expect(tally).toEqual({ passed: 2, failed: 3, skipped: 1 });
    expect(output).toContain("undefined: undefinedName");
    expect(output).toContain("example.test/broken (does not build)");
    expect(output).toContain("panic: as it should");
    expect(output).toContain("example.test/good TestSkips (redis is not installed)");
    expect(output).not.toContain('"Action"');
  },
);

test("a run that takes too long is ended and has failed", async () => {
  const slow: Run = {
    ...vitest,
    countedBy: "exit",
    minutesMax: 1 / 600,
    command: { program: ["sleep", "600"] },
  };
  const { tally, output } = await makeProject({}).run([slow]);
  expect(tally).toEqual({ passed: 0, failed: 1, skipped: 0 });
  expect(output).toMatch(/took longer than .* minutes/);
});

test("a program that is not there has failed", async () => {
  const absent: Run = { ...vitest, countedBy: "exit", command: { program: ["./no-such-program"] } };
  expect((await makeProject({}).run([absent])).output).toContain("ENOENT");
});

test("interrupted, it ends what it started", async () => {
  const project = makeProject({});
  const pidPath = join(project.root, "pid");
  const sleeper = {
    ...vitest,
    command: { program: ["sh", "-c", `sleep 600 & echo $! > ${pidPath}; wait`] },
  };
  const interruption = new AbortController();
  const ended = project.run([sleeper], { signal: interruption.signal });
  const rejected = expect(ended).rejects.toBe("SIGINT");
  const read = () => (existsSync(pidPath) ? readFileSync(pidPath, "utf8") : "");
  const pid = Number(
    await vi.waitUntil(() => read().endsWith("\n") && read(), { timeout: 30_000 }),
  );
  interruption.abort("SIGINT");
  await rejected;
  expect(identify(pid)).toBeNull();
});

test("the command ends with the closing line and tells failure by its status", async () => {
  const wrong = await runMain(["nonsense"]);
  expect(wrong).toMatchObject({ code: 2, stdout: "" });
  expect(wrong.stderr).toContain("TEST_PART_UNKNOWN: The tests have no part nonsense.");

  const run = await runMain(["check:generated:errors"]);
  const line = /\n\n([01]) passed, ([01]) failed, 0 skipped\n$/.exec(run.stdout);
  expect(line?.slice(1)).toEqual(run.code === 0 ? ["1", "0"] : ["0", "1"]);
});

const vitest: Run = {
  name: "unit",
  what: "unit tests",
  command: {
    program: [
      ...["vitest", "run", "--globals", "--root=.", "--no-cache"],
      `--reporter=default`,
      `--reporter=${join(repository, "tools/test/vitestReporter.ts")}`,
    ],
  },
  countedBy: "vitest",
  folder: ".",
  minutesMax: 2,
};

const go: Run = {
  ...vitest,
  name: "chain:test",
  command: { program: ["go", "test", "-json", "./..."] },
  countedBy: "go",
};

function script(name: string, scriptName: string): Run {
  return { ...vitest, name, countedBy: "exit", command: { script: scriptName } };
}

type RunOptions = {
  readonly signal?: AbortSignal;
  readonly heartbeatMs?: number;
  /** Is given what is printed, as it is printed. */
  readonly hear?: (text: string) => void;
};

function makeProject(files: Readonly<Record<string, string>>) {
  const root = mkdtempSync(join(tmpdir(), "r3mes-tests-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const PATH = `${join(repository, "node_modules/.bin")}:${process.env.PATH}`;
  // What this very run tells its own workers is not for the vitest that is tested.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("VITEST")),
  );
  return {
    root,
    async run(table: readonly Run[], options: RunOptions = {}) {
      const { signal = new AbortController().signal, hear, ...rest } = options;
      let output = "";
      const write = (text: string) => {
        output += text;
        hear?.(text);
      };
      const deps = { root, environment: { ...environment, PATH }, stream: { write }, signal };
      const tally = await runTests(table, { ...deps, ...rest });
      return { tally, output };
    },
  };
}

async function runMain(args: readonly string[]) {
  const child = spawn(process.execPath, [join(repository, "tools/test/main.ts"), ...args]);
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  return { code, stdout, stderr };
}
