/** The kernels under V8's flag that joins neighbouring operations of 128 bits: it is experimental, and has compiled a pair of loads wrongly. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { REVECTORIZE_FLAGS } from "../node/wasmHost.ts";
import { resultsOf } from "../ops/joinCases.ts";

const vectors = new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url);
const script = fileURLToPath(new URL("../testing/printCases.ts", import.meta.url));

test("every case has its bytes where V8 joins operations", { timeout: 120_000 }, () => {
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 } as const;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...REVECTORIZE_FLAGS, script],
    options,
  );
  expect([stderr, status]).toEqual(["", 0]);
  const { shown, plain } = JSON.parse(stdout);
  const { cases } = JSON.parse(readFileSync(vectors, "utf8"));
  for (const [i, { name, tensors }] of cases.entries()) {
    expect([name, resultsOf(i, shown)]).toEqual([name, tensors]);
    expect([name, tensors]).toMatchObject([name, resultsOf(i, plain)]);
  }
});
