import { expect, test } from "vitest";
import { createSumWindow, type SumWindowDeps } from "./createSumWindow.ts";

const second = 1_000;

/** A verifier of a chain whose windows may be changed. */
function setup() {
  const warned: object[] = [];
  const round = { attestBlocks: 40 };
  const deps = {
    log: { warn: (facts: object) => void warned.push(facts) },
    query: { params: async () => ({ params: { params: { round } } }) },
    pace: { blockMs: () => second },
  } as unknown as SumWindowDeps;
  return { warned, round, window: createSumWindow({ patienceMs: 60 * second }, deps) };
}

test("two windows that hold the patience and a chunk are not warned of, and shorter ones are", async () => {
  const { warned, round, window } = setup();
  window.noteChunk(20 * second);
  await window.check();
  expect(warned).toEqual([]);
  round.attestBlocks = 39;
  await window.check();
  expect(warned).toEqual([{ attestBlocks: 39, windowsMs: 78 * second, neededMs: 80 * second }]);
});

test("longer chunks need longer windows, and the same windows are warned of once", async () => {
  const { warned, window } = setup();
  await window.check();
  expect(warned).toEqual([]);
  for (const ms of [21 * second, 22 * second]) {
    window.noteChunk(ms);
    await window.check();
  }
  expect(warned).toEqual([{ attestBlocks: 40, windowsMs: 80 * second, neededMs: 81 * second }]);
});
