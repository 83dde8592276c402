import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findUnknown, runs, selectRuns } from "./runs.ts";

const namesOf = (words: readonly string[]) => selectRuns(runs, words).map(({ name }) => name);

test("words select runs by name or by the beginning of it, in the order of the table", () => {
  expect(namesOf([])).toHaveLength(runs.length);
  expect(namesOf(["chain", "unit"])).toEqual(["unit", "chain:vet", "chain:test"]);
  expect(namesOf(["chain:vet"])).toEqual(["chain:vet"]);
  expect(namesOf(["check:generated"]).every((name) => name.startsWith("check:generated:"))).toBe(
    true,
  );
});

test("a word that names nothing is found", () => {
  expect(findUnknown(runs, ["chain", "chai", "unit"])).toBe("chai");
  expect(findUnknown(runs, ["check", "check:types"])).toBeUndefined();
});

test("every script in the table is a script of package.json", () => {
  const { scripts } = JSON.parse(
    readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"),
  );
  for (const { command } of runs) {
    if ("script" in command)
      expect(Object.keys(scripts)).toContain(command.script.split(" -- ")[0]);
  }
});
