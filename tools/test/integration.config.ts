/**
 * The suites that start real processes, two files at a time. Networks have deadlines in blocks, so theirs run behind all others:
 * beside each other, since they wait for blocks much of the time, but not beside what computes without a pause.
 */
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = join(import.meta.dirname, "../..");
/** Suites in which no chain runs, or one that nobody has to keep up with. */
const unhurried = [
  "packages/**/*.integration.test.ts",
  "tools/**/*.integration.test.ts",
  "apps/api/**/*.integration.test.ts",
  "apps/cli/src/*.integration.test.ts",
  "apps/cli/src/localnet/localnet.integration.test.ts",
  "simulation/{dashboard,indexer,network,stargate,wallet}.integration.test.ts",
  "simulation/network/*.integration.test.ts",
];
const elsewhere = ["**/node_modules/**", "**/dist/**"];
const common = {
  root,
  maxWorkers: 2,
  testTimeout: 600_000,
  hookTimeout: 600_000,
  setupFiles: ["tools/test/propertyCases.ts"],
};

export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          ...common,
          name: "unhurried",
          include: unhurried,
          exclude: elsewhere,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "networks",
          include: ["**/*.integration.test.ts"],
          exclude: [...elsewhere, ...unhurried],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
