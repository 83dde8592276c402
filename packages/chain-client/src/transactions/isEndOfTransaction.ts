/** Which failures of sending are an end. After all others the signed bytes may still be executed. */
import { R3mesError } from "@r3mes/protocol";

const stillOpen: ReadonlySet<string> = new Set(["NODE_UNREACHABLE", "NODE_ANSWERED_ERROR"]);

/** Refused or dead: no block will ever execute it. */
export function isEndOfTransaction(error: unknown): boolean {
  return error instanceof R3mesError && !stillOpen.has(error.code);
}
