/** Runs one command line to its end and returns the exit code. Prints every error, in one form. */
import { processHost } from "./host.ts";
import { buildProgram } from "./program.ts";
import { UsageFault } from "./usageFault.ts";

export async function main(argv: readonly string[]): Promise<number> {
  const host = processHost();
  let exitCode: number = 0;
  const program = buildProgram(host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof UsageFault && thrown.isHelp) return 0;
    const { printFailure } = await import("./printFailure.ts");
    return printFailure(thrown, host, argv.includes("--json"));
  }
}
