/** Seeds beside each other: what one gives does not depend on who else computes. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { simulateSeeds } from "./simulateSeeds.ts";

const binary = join(import.meta.dirname, "../../chain/bin/remesim");
const run = {
  ...{ seed: 6, rounds: 1, miners: 2, verifiers: 3, cheatingMiners: 1, cheatingVerifiers: 0 },
  faultsPerMille: 100,
};

async function hashesOf(seeds: readonly number[], jobs: number): Promise<string[]> {
  const hashes: string[] = [];
  const runs = seeds.map((seed) => ({ ...run, seed }));
  for await (const report of simulateSeeds(runs, { jobs, binary })) {
    expect(report.failures).toEqual([]);
    hashes.push(`${report.seed} ${report.logHash}`);
  }
  return hashes;
}

test("a seed has one history, on whichever thread it runs and whatever ran there before", async () => {
  const [six, seven] = await hashesOf([6, 7], 2);
  expect(six).not.toBe(seven);
  expect(await hashesOf([7, 6], 1)).toEqual([seven, six]);
});
