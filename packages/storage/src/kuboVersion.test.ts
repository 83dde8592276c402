import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isRecentKubo, kuboVersionMin } from "./kuboVersion.ts";

test("the least version is the one that is built, and later ones will do", () => {
  const module = new URL("../../../tools/kubo/go.mod", import.meta.url);
  expect(readFileSync(module, "utf8")).toContain(`github.com/ipfs/kubo v${kuboVersionMin} `);
  for (const version of [kuboVersionMin, "0.43.1", "0.44.0-rc1", "1.0.0"]) {
    expect(isRecentKubo(version), version).toBe(true);
  }
  for (const version of ["0.42.9", "0.9.1", "unknown", ""]) {
    expect(isRecentKubo(version), version).toBe(false);
  }
});
