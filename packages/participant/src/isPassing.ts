/** Failures that the next height may find mended: a node or a Kubo that restarts or is busy, a record that is not there yet, a full disk. */
import { type ErrorCode, R3mesError } from "@r3mes/protocol";

const passing: ReadonlySet<ErrorCode> = new Set([
  "BLOCK_NOT_READY",
  "CONTENT_NOT_STORED",
  "JOURNAL_CLOSED",
  "JOURNAL_NOT_WRITTEN",
  "NODE_ANSWERED_ERROR",
  "NODE_UNREACHABLE",
  "STORE_UNREACHABLE",
]);

export function isPassing(error: unknown): error is R3mesError {
  return error instanceof R3mesError && passing.has(error.code);
}
