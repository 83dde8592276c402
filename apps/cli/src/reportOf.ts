/** Turns anything that was thrown into the report that every command prints. */
import { ERRORS, type ErrorReport, R3mesError } from "@r3mes/protocol";
import { type ExitCode, exitCodeOf } from "./exitCodes.ts";

export function reportOf(thrown: unknown): { report: ErrorReport; exitCode: ExitCode } {
  const error: R3mesError = thrown instanceof R3mesError ? thrown : unexpected(thrown);
  const chain = ERRORS[error.code].chain !== undefined;
  return { report: error.toJSON(), exitCode: exitCodeOf({ code: error.code, chain }) };
}

function unexpected(thrown: unknown): R3mesError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new R3mesError({ code: "UNEXPECTED", reason }, { cause: thrown });
}
