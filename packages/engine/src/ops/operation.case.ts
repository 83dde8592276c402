/**
 * The case suite of operations: small programs over inputs chosen to hurt. Every backend runs them all and must give the
 * bytes of spec/vectors/arithmetic/operations.json. Random data alone passes kernels that overflow, so each family also
 * gets its extremes: all -128 against all -1, zero rows, rows that saturate, exponents at their ends, shifts beyond a register.
 */
import { attentionCases } from "./cases/attention.case.ts";
import { cacheCase } from "./cases/cache.case.ts";
import { decodeCases } from "./cases/decode.case.ts";
import { gateCases } from "./cases/gate.case.ts";
import { headCases } from "./cases/head.case.ts";
import { linearCases } from "./cases/linear.case.ts";
import { normCases } from "./cases/norm.case.ts";
import type { OperationCase } from "./cases/operationCase.ts";
import { quantiseCases } from "./cases/quantise.case.ts";

export const operationCases: readonly OperationCase[] = [
  ...quantiseCases(),
  ...normCases(),
  ...linearCases(),
  ...gateCases(),
  ...attentionCases(),
  ...headCases(),
  cacheCase(),
];

/** Cases of the kinds that decode. They stand in no traced program, and a backend may lack them. */
export const decodeOperationCases: readonly OperationCase[] = decodeCases();

export type { OperationCase };
