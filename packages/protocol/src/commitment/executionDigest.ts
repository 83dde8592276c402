/** The digest that only an execution of the drawn step can know: spec/encoding.md section 9. */
import { R3mesError } from "../errors/R3mesError.ts";
import type { Hash } from "../hash/asHash.ts";
import { taggedHash } from "../hash/taggedHash.ts";
import { checkLimit } from "../limits/checkLimit.ts";

export type Execution = {
  readonly auditSeed: Uint8Array;
  /** The audited step, counted from 1. */
  readonly t: number;
  readonly stateRoot: Uint8Array;
  readonly updateRoot: Uint8Array;
  /** The operations that the audit drew, ascending, with the roots of their outputs. */
  readonly operations: readonly { readonly index: number; readonly root: Uint8Array }[];
};

/** Throws LIST_NOT_CANONICAL unless the operations ascend strictly. */
export function executionDigest(execution: Execution): Hash {
  const { operations } = execution;
  checkLimit("digestOperations", operations.length);
  operations.forEach(({ index }, i) => {
    if (i > 0 && operations[i - 1]!.index >= index) {
      throw new R3mesError({ code: "LIST_NOT_CANONICAL", list: "operations", index });
    }
  });
  return taggedHash("remes/execution/1", (fields) =>
    fields
      .hash(execution.auditSeed)
      .u32(execution.t)
      .hash(execution.stateRoot)
      .hash(execution.updateRoot)
      .list(operations, (writer, { index, root }) => writer.u32(index).hash(root)),
  );
}
