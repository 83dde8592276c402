/**
 * `npm test`: everything, or the parts that are named. The last line is the sum over all runners,
 * and nothing may follow it.
 */
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { watchForSignals } from "../bootstrap/watchForSignals.js";
import { findUnknown, runs, selectRuns } from "./runs.ts";
import { runTests } from "./runTests.ts";
import { closingLine, exitStatus } from "./tally.ts";

const words = process.argv.slice(2);
const interruption = watchForSignals();

if (words.includes("--help")) {
  console.log("Usage: npm test [-- part …]\n\nParts, each with what begins with its name:");
  for (const { name, what } of runs) console.log(`  ${name.padEnd(24)} ${what}`);
} else {
  await test();
}

async function test(): Promise<void> {
  const unknown = findUnknown(runs, words);
  if (unknown !== undefined) {
    const { code, message, next } = new R3mesError({ code: "TEST_PART_UNKNOWN", part: unknown });
    console.error(`${code}: ${message}. ${next}`);
    process.exitCode = 2;
    return;
  }
  try {
    const tally = await runTests(selectRuns(runs, words), {
      root: join(import.meta.dirname, "../.."),
      environment: process.env,
      stream: process.stdout,
      signal: interruption.signal,
    });
    process.stdout.write(`${closingLine(tally)}\n`);
    process.exitCode = exitStatus(tally);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    interruption.stop();
    process.kill(process.pid, interruption.signal.reason);
  }
}
