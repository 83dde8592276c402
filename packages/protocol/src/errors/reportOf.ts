/** Whatever was thrown, as every program reports an error; what nobody foresaw keeps its stack. */
import { type ErrorReport, R3mesError } from "./R3mesError.ts";

export function reportOf(thrown: unknown): ErrorReport {
  if (thrown instanceof R3mesError) return thrown.toJSON();
  const reason = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  return new R3mesError({ code: "UNEXPECTED", reason }).toJSON();
}
