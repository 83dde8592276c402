import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createNodeWasmHost } from "../node/index.ts";
import { decodeOperationCases, operationCases } from "../ops/operation.case.ts";
import { runOperationCase } from "../ops/runOperationCase.ts";
import { runCasePlain } from "../testing/runCasePlain.ts";
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
const cases = [...operationCases, ...decodeOperationCases].map(
  (operationCase, i) => [operationCase.name, operationCase, vectors.cases[i]!] as const,
);

describe.each([
  ["base", 1],
  ["relaxed", 2],
] as const)("%s kernels on %i threads", (build, threads) => {
  const backend = createWasmBackend(createNodeWasmHost(), { build, threads });

  test.each(cases)("%s", async (name, operationCase, vector) => {
    expect(vector.name).toBe(name);
    expect(await runOperationCase(backend, operationCase)).toEqual(vector.tensors);
    const results = await runCasePlain(backend, operationCase);
    for (const [tensor, hash] of Object.entries(results)) {
      expect([tensor, hash]).toEqual([tensor, vector.tensors[tensor]]);
    }
  });
});
