/** Errors that come back across a border which only carries data. */
import { type ErrorReport, R3mesError } from "@r3mes/protocol";

export function errorOf({ code, facts }: ErrorReport): R3mesError {
  return new R3mesError({ ...facts, code });
}
