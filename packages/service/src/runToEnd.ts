/**
 * The outermost lines of a process: it ends with 0 when its work is done or was interrupted because it was asked to end, else with 1 and
 * the reason as one line of JSON on standard error. It must not end in silence, for whoever supervises it has nothing else to go by.
 */
import { R3mesError, reportOf } from "@r3mes/protocol";
import { isInterruption } from "./isInterruption.ts";

export async function runToEnd(work: () => Promise<void>): Promise<void> {
  process.once("uncaughtException", fail);
  // Node ends work that waits for nothing that can still happen, without a word if a library has set an exit code meanwhile.
  process.once("beforeExit", () => {
    fail(
      new R3mesError({ code: "UNEXPECTED", reason: "the process had nothing left to wait for" }),
    );
  });
  try {
    await work();
    process.exit(0);
  } catch (error) {
    if (isInterruption(error)) process.exit(0);
    fail(error);
  }
}

function fail(error: unknown): never {
  process.stderr.write(`${JSON.stringify(reportOf(error))}\n`);
  process.exit(1);
}
