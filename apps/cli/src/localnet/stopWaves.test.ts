import { expect, test } from "vitest";
import { stopWaves } from "./stopWaves.ts";

const entry = (name: string, ...after: string[]) => ({ spec: { name, after } });

test("what needs others stops before them, and independent ones stop together", () => {
  const waves = stopWaves([
    entry("validator-0"),
    entry("validator-1"),
    entry("indexer", "validator-0"),
    entry("api", "indexer", "validator-0"),
    entry("miner", "validator-0"),
  ]);
  expect(waves.map((wave) => wave.map(({ spec }) => spec.name))).toEqual([
    ["validator-1", "api", "miner"],
    ["indexer"],
    ["validator-0"],
  ]);
});

test("what is made to stop first does, whoever needs it", () => {
  const node = { spec: { name: "validator-0", after: [], stopsFirst: true } };
  const waves = stopWaves([node, entry("api", "validator-0"), entry("dashboard", "api")]);
  expect(waves.map((wave) => wave.map(({ spec }) => spec.name))).toEqual([
    ["validator-0"],
    ["dashboard"],
    ["api"],
  ]);
});

test("nothing to stop is no wave, and a circle still comes to an end", () => {
  expect(stopWaves([])).toEqual([]);
  expect(stopWaves([entry("a", "b"), entry("b", "a")])).toHaveLength(1);
});
