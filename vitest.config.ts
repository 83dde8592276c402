/** The unit and property tests that lie beside the code; integration suites have configurations of their own. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.ts",
      "apps/*/src/**/*.test.ts",
      "simulation/**/*.test.ts",
      "tools/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "**/dist/**", "**/*.integration.test.ts"],
    setupFiles: ["tools/test/propertyCases.ts"],
    // A worker keeps its modules from file to file, which saves a third of the time. Tests build
    // their own world all the same, so that a file must leave no trace in globals.
    isolate: false,
    // One of two cores would be left idle otherwise.
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    passWithNoTests: false,
  },
});
