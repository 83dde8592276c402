/** Tests that start real processes: the chain's node, the front door, servers. One file at a time. */
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{packages,apps}/*/src/**/*.integration.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
    // Real processes on a busy machine: a test waits for a condition, and this only ends a hang.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    passWithNoTests: false,
  },
});
