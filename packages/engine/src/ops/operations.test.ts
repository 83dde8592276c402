import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { reference } from "../backends/reference.ts";
import { checkProgram } from "../program/checkProgram.ts";
import { KINDS } from "./kinds.ts";
import { decodeOperationCases, operationCases } from "./operation.case.ts";
import { runOperationCase } from "./runOperationCase.ts";

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

test("the suite and the vectors have the same cases, and together they use every kind", () => {
  expect(vectors.cases.map(({ name }) => name)).toEqual(cases.map(({ name }) => name));
  const used = new Set(cases.flatMap(({ program }) => program.operations.map(({ kind }) => kind)));
  expect([...KINDS.keys()].filter((kind) => !used.has(kind))).toEqual([]);
});

test.each(vectors.cases.map((vector, i) => [vector.name, vector, cases[i]!] as const))(
  "reference: %s",
  async (_, vector, operationCase) => {
    expect(await runOperationCase(reference, operationCase)).toEqual(vector.tensors);
  },
);

test("every case stays inside the bounds that are checked at load", () => {
  for (const { program } of cases) {
    for (const bound of checkProgram(program)) expect(bound.max).toBeLessThanOrEqual(bound.limit);
  }
});
