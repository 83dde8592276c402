/** Vectors of every operation: what the programs of the suite compute on the reference (spec/arithmetic.md section 13). */
import { reference } from "@r3mes/engine";
import { decodeOperationCases, operationCases, runOperationCase } from "@r3mes/engine/conformance";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

export async function operationVectors(): Promise<VectorFile> {
  const cases: VectorCase[] = [];
  for (const operationCase of [...operationCases, ...decodeOperationCases]) {
    const tensors = await runOperationCase(reference, operationCase);
    cases.push({ name: operationCase.name, tensors });
  }
  return {
    path: "arithmetic/operations.json",
    about:
      "SHA-256 of the storage form of every tensor that the programs of the operation suite compute.",
    cases,
  };
}
