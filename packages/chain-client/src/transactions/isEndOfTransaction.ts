/** Which failures of sending are an end. After all others the signed bytes may still be executed. */
import { type ErrorCode, R3mesError } from "@r3mes/protocol";

const stillOpen: ReadonlySet<ErrorCode> = new Set([
  "JOURNAL_NOT_WRITTEN",
  "NODE_ANSWERED_ERROR",
  "NODE_UNREACHABLE",
]);

/** Refused or dead: no block will ever execute it. */
export function isEndOfTransaction(error: unknown): boolean {
  return error instanceof R3mesError && !stillOpen.has(error.code);
}
