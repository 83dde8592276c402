/** The command as a person or a script runs it. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the list names every benchmark with a sentence", () => {
  const { status, stdout } = bench("--list");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^bootstrap +\S.*\.$/m);
  expect(stdout).toMatch(/^merkle +\S.*\.$/m);
});

test("an unknown name is refused with the way to the list", () => {
  const { status, stdout, stderr } = bench("nonsense", "--json");
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("BENCH_UNKNOWN: There is no benchmark nonsense. List them with");
});

test("with --json it prints machine and figures and nothing else, and tells each contest as it ends", () => {
  const { status, stdout, stderr } = bench("bootstrap", "--only", "second run", "--json");
  expect(status).toBe(0);
  expect(stderr).toMatch(
    /^\[1 of 1\] second run of the bootstrap\n {2}second run of the bootstrap: .* ms; /,
  );
  const { machine, figures } = JSON.parse(stdout);
  expect(machine).toMatchObject({ cores: expect.any(Number), node: process.versions.node });
  expect(figures).toEqual([
    {
      name: "second run of the bootstrap",
      value: expect.any(Number),
      unit: "ms",
      against: "an empty Node process",
      ratio: expect.any(Number),
    },
  ]);
});

test("--only leaves out what has other names, and refuses words that no name has", () => {
  const { status, stdout, stderr } = bench("bootstrap", "--only", "nonsense", "--json");
  expect([status, stdout]).toEqual([2, ""]);
  expect(stderr).toContain('BENCH_UNKNOWN: There is no benchmark bootstrap with "nonsense"');
});

function bench(...args: readonly string[]) {
  return spawnSync(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], {
    encoding: "utf8",
  });
}
