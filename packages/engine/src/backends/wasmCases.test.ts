import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { createNodeWasmHost } from "../node/index.ts";
import { joinCases, resultsOf } from "../ops/joinCases.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runCasePlain } from "../ops/runCasePlain.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";
import { createWasmBackend } from "./wasm.ts";

interface Vectors {
  readonly cases: readonly {
    readonly name: string;
    readonly tensors: Readonly<Record<string, string>>;
  }[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(
    new URL("../../../../spec/vectors/arithmetic/operations.json", import.meta.url),
    "utf8",
  ),
);
const cases = [...operationCases, ...decodeOperationCases];
const joined = joinCases(cases);

describe.each([
  ["base", 1],
  ["relaxed", 2],
] as const)("%s kernels on %i threads", (build, threads) => {
  const backend = createWasmBackend(createNodeWasmHost(), { build, threads });
  let traced: Readonly<Record<string, string>>;
  let plain: Readonly<Record<string, string>>;
  beforeAll(async () => {
    traced = await runOperationCase(backend, joined);
    plain = await runCasePlain(backend, joined);
  });

  test.each(cases.map(({ name }, i) => [name, i] as const))("%s", (name, i) => {
    const vector = vectors.cases[i]!;
    expect(vector.name).toBe(name);
    expect(resultsOf(i, traced)).toEqual(vector.tensors);
    const results = Object.entries(resultsOf(i, plain));
    expect(results.length).toBeGreaterThan(0);
    for (const [tensor, hash] of results) {
      expect([tensor, hash]).toEqual([tensor, vector.tensors[tensor]]);
    }
  });
});
