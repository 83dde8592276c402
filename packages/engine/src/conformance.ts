/** The door for whoever shows that a device computes the bytes of the specification: the case suite of operations. */
export { KINDS } from "./ops/kinds.ts";
export { decodeOperationCases, type OperationCase, operationCases } from "./ops/operation.case.ts";
export { runCasePlain } from "./ops/runCasePlain.ts";
export { runOperationCase } from "./ops/runOperationCase.ts";
export type { TileVector } from "./referee/tileVector.ts";
