import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repositoryRoot } from "../gen/outputs.ts";
import { quickVectors, updateVectors } from "./main.ts";
import { mergeVectors, type VectorFile } from "./vectorFile.ts";

const file: VectorFile = {
  path: "a/b.json",
  about: "About.",
  cases: [
    { name: "one", value: 1 },
    { name: "two", value: 2 },
  ],
};

function setup() {
  const folder = mkdtempSync(join(tmpdir(), "r3mes-vectors-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const read = () => readFileSync(join(folder, file.path), "utf8");
  return { folder, read };
}

test("the quick vectors of the repository are complete, and none would change", () => {
  const folder = join(repositoryRoot, "spec/vectors");
  expect(updateVectors(quickVectors(), folder, "check").faults).toEqual([]);
});

test("missing files and missing cases are added, and a second run changes nothing", () => {
  const world = setup();
  const shorter = { ...file, cases: file.cases.slice(0, 1) };
  updateVectors([shorter], world.folder, "add");
  const { added, faults } = updateVectors([file], world.folder, "add");
  expect({ added, faults }).toEqual({ added: ["a/b.json: 1 added"], faults: [] });
  expect(JSON.parse(world.read()).cases).toEqual(file.cases);
  expect(updateVectors([file], world.folder, "add")).toEqual({ added: [], faults: [] });
});

test.each([
  ["changed", [{ name: "one", value: 9 }, file.cases[1]!]],
  ["left out", [file.cases[1]!]],
])("a written case that is %s stops everything unless it is meant", (_case, cases) => {
  const world = setup();
  updateVectors([file], world.folder, "add");
  const before = world.read();
  const changed = { ...file, cases: [...cases, { name: "three", value: 3 }] };
  expect(updateVectors([changed], world.folder, "add").faults).toEqual([
    'a/b.json: "one" would change',
  ]);
  expect(world.read()).toBe(before);
  expect(updateVectors([changed], world.folder, "rewrite").faults).toEqual([]);
  expect(JSON.parse(world.read()).cases).toEqual(changed.cases);
});

test("a check names what is missing and writes nothing", () => {
  const world = setup();
  const { faults } = updateVectors([file], world.folder, "check");
  expect(faults).toEqual(['a/b.json: "one" is missing', 'a/b.json: "two" is missing']);
  expect(world.read).toThrow();
});

test("a new case is written where it is made, and one that is no longer made stays, at the end", () => {
  const [one, two] = file.cases.map((vector) => ({ ...vector }));
  const written = mergeVectors({ ...file, cases: [two!, one!] }, undefined).text;
  const between = { name: "between", value: 3 };
  const { text } = mergeVectors({ ...file, cases: [one!, between] }, written);
  expect(JSON.parse(text).cases).toEqual([one, between, two]);
});

test("two cases of one name are refused", () => {
  const twice = { ...file, cases: [file.cases[0]!, file.cases[0]!] };
  expect(() => mergeVectors(twice, undefined)).toThrow("two cases share a name");
});
