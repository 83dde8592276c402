/** Prints why a command failed: JSON on standard output when asked, else text on standard error. */
import type { ExitCode } from "./exitCodes.ts";
import { columnsOf, type Host } from "./host.ts";
import { renderError } from "./renderError.ts";
import { reportOf } from "./reportOf.ts";
import { usageError } from "./usageError.ts";
import { UsageFault } from "./usageFault.ts";

export function printFailure(thrown: unknown, host: Host, json: boolean): ExitCode {
  const error = thrown instanceof UsageFault ? usageError(thrown) : thrown;
  const { report, exitCode } = reportOf(error);
  if (json) host.stdout.write(`${JSON.stringify(report)}\n`);
  else host.stderr.write(renderError(report, host.errorPaint, columnsOf(host.stderr)));
  const isTraced = report.code === "UNEXPECTED" && host.env.R3MES_LOG_LEVEL === "debug";
  if (isTraced && error instanceof Error) host.stderr.write(`${error.stack}\n`);
  return exitCode;
}
