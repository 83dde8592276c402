import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

/** A process whose work is this source. */
function run(work: string) {
  const source = `
    import { R3mesError } from ${JSON.stringify(import.meta.resolve("@r3mes/protocol"))};
    import { runToEnd } from ${JSON.stringify(new URL("./runToEnd.ts", import.meta.url).href)};
    await runToEnd(async () => { ${work} });`;
  const options = { encoding: "utf8" } as const;
  const args = ["--input-type=module", "--eval", source];
  const { status, stderr } = spawnSync(process.execPath, args, options);
  return { status, stderr };
}

/** What it said, which is one line of JSON and nothing else. */
const reportOf = ({ stderr }: { readonly stderr: string }) => JSON.parse(stderr);

test("work that is done ends with 0 and says nothing, whatever is still open", () => {
  expect(run("setInterval(() => {}, 1_000);")).toEqual({ status: 0, stderr: "" });
});

test("a failure ends with 1, its code and its facts", () => {
  const ended = run('throw new R3mesError({ code: "DATABASE_IN_USE", folder: "there" });');
  expect(ended.status).toBe(1);
  expect(reportOf(ended)).toMatchObject({ code: "DATABASE_IN_USE", facts: { folder: "there" } });
});

test("what nobody foresaw has a code too, and its stack", () => {
  const ended = run('throw new TypeError("not a port");');
  expect(ended.status).toBe(1);
  const { code, facts } = reportOf(ended);
  expect(code).toBe("UNEXPECTED");
  expect(facts.reason).toMatch(/TypeError: not a port\n\s+at /);
});

test("a rejection that nobody handles ends it with a code", () => {
  const ended = run(
    'void Promise.reject(new Error("lost")); setInterval(() => {}, 1_000); await new Promise(() => {});',
  );
  expect(ended.status).toBe(1);
  expect(reportOf(ended)).toMatchObject({ code: "UNEXPECTED" });
});

test("work that can never end says so, even where a library has set an exit code", () => {
  const ended = run("process.exitCode = 99; await new Promise(() => {});");
  expect(ended.status).toBe(1);
  expect(reportOf(ended).facts.reason).toContain("nothing left to wait for");
});
