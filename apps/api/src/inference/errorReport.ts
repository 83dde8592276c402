/** Errors across a border that only carries data. */
import { type ErrorReport, R3mesError } from "@r3mes/protocol";

export function reportOf(error: unknown): ErrorReport {
  if (error instanceof R3mesError) return error.toJSON();
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new R3mesError({ code: "UNEXPECTED", reason }).toJSON();
}

export function errorOf({ code, facts }: ErrorReport): R3mesError {
  return new R3mesError({ ...facts, code });
}
