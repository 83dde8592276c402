/** The whole network from a seed: calm, then with failures and cheats; and the same events from the same seed. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Devices, prepareDevices } from "./network/prepareDevices.ts";
import { openRemesim, type Remesim } from "./network/remesim.ts";
import { type SimulationOptions, simulate } from "./network/simulate.ts";

let remesim: Remesim;
let devices: Devices;

beforeAll(async () => {
  remesim = openRemesim(join(import.meta.dirname, "../chain/bin/remesim"));
  devices = await prepareDevices();
});

afterAll(() => remesim.close());

const calm: SimulationOptions = {
  seed: 1,
  rounds: 1,
  miners: 2,
  verifiers: 3,
  cheatingMiners: 0,
  cheatingVerifiers: 0,
  faultsPerMille: 0,
};

test("an honest network trains a round, is paid, and loses nothing", async () => {
  const report = await simulate(calm, { remesim, devices });
  expect(report.failures).toEqual([]);
  expect(report).toMatchObject({ ok: true, adapters: 1, honestSlashed: 0, excusedFines: 0 });
  const miners = report.outcomes.filter(({ name }) => name.startsWith("miner"));
  expect(miners.map(({ change }) => change > 0n)).toEqual([true, true]);
});

test("failures and cheats change nothing of what must hold, and one seed is one history", async () => {
  const cast = { miners: 3, verifiers: 4, cheatingMiners: 1, cheatingVerifiers: 1 };
  const run = () =>
    simulate({ ...calm, ...cast, seed: 6, faultsPerMille: 100 }, { remesim, devices });
  const first = await run();
  expect(first.failures).toEqual([]);
  expect(first.faults).toBeGreaterThan(0);
  expect(first.cheatIncome).toBeLessThan(0n);
  expect((await run()).logHash).toBe(first.logHash);
  const other = await simulate({ ...calm, seed: 7 }, { remesim, devices });
  expect(other.logHash).not.toBe(first.logHash);
});
