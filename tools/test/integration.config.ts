/**
 * The suites that start real processes. Networks have deadlines in blocks, so theirs run alone, one
 * after another; what has no such deadline shares the cores, two files at a time.
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
  "simulation/{dashboard,network,wallet}.integration.test.ts",
  "simulation/network/*.integration.test.ts",
];
const elsewhere = ["**/node_modules/**", "**/dist/**"];
const common = {
  root,
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
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...common,
          name: "networks",
          include: ["**/*.integration.test.ts"],
          exclude: [...elsewhere, ...unhurried],
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
