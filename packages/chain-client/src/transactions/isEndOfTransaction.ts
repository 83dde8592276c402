/** Which failures of sending are an end. After all others the signed bytes may still be executed. */
import { type ErrorCode, R3mesError } from "@r3mes/protocol";

const stillOpen: ReadonlySet<ErrorCode> = new Set([
  "CHAIN_WENT_BACK",
  "JOURNAL_CLOSED",
  "JOURNAL_NOT_WRITTEN",
  "NODE_ANSWERED_ERROR",
  "NODE_UNREACHABLE",
]);

/** Refused, dead, or in a block that the node has pruned: what became of it the state of the chain says, and nothing else will. */
export function isEndOfTransaction(error: unknown): boolean {
  return error instanceof R3mesError && !stillOpen.has(error.code);
}
