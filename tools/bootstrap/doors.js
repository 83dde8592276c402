/**
 * The verbs of the bootstrap: `prepare` stops once everything is in place, `start` goes on to the
 * network on this machine, `test` to the tests. Whatever follows runs on the bundled Node.
 */
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "./bundledNode.js";
import { BootstrapError, describeFailure } from "./catalogue.js";
import { handOver } from "./handOver.js";
import { prepare } from "./prepare.js";
import { createReport } from "./report.js";
import { stages } from "./stages.js";
import { watchForSignals } from "./watchForSignals.js";

const root = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** @type {ReadonlyMap<string, readonly string[]>} */
const programs = new Map([
  ["prepare", []],
  ["start", ["apps/cli/bin/r3mes.js", "localnet"]],
  ["test", ["tools/test/main.ts"]],
]);

const usage = `Usage: npm start [-- arguments of r3mes localnet]
       npm test [-- parts]
       npm run bootstrap [-- --json]

Installs and builds what changed since the last time, then starts the network on this machine,
runs the tests, or stops there. Logs lie in .bootstrap/logs/.
`;

/** @param {readonly string[]} argv */
export async function openDoor([verb = "prepare", ...args]) {
  if (verb === "--help" || (verb === "prepare" && args.includes("--help"))) {
    process.stdout.write(usage);
    return;
  }
  const interruption = watchForSignals();
  try {
    const program = programs.get(verb);
    if (program === undefined) throw new BootstrapError({ code: "BOOTSTRAP_VERB_UNKNOWN", verb });
    await prepareAndReport(verb === "prepare" && args.includes("--json"), interruption.signal);
    interruption.stop();
    if (program.length > 0) await goOn([...program, ...args]);
  } catch (error) {
    interruption.stop();
    if (interruption.signal.aborted) {
      // Over the ^C that a terminal shows.
      const erase = process.stderr.isTTY ? "\r\x1b[2K" : "";
      process.stderr.write(`${erase}Stopped. The same command goes on from here.\n`);
      endBy(interruption.signal.reason);
    } else fail(error);
  }
}

/**
 * @param {boolean} asJson
 * @param {AbortSignal} signal
 */
async function prepareAndReport(asJson, signal) {
  /** @type {import("./prepare.js").StageResult[]} */
  const results = [];
  const report = createReport(process.stderr);
  const onResult = (/** @type {import("./prepare.js").StageResult} */ result) =>
    results.push(result);
  /** @type {readonly object[]} */
  let errors = [];
  try {
    await prepare({ root, stages, environment: process.env, report, signal, onResult });
  } catch (error) {
    errors = failuresOf(error).map((failure) =>
      failure instanceof BootstrapError ? failure.toJSON() : { message: failure.message },
    );
    throw error;
  } finally {
    if (asJson) process.stdout.write(`${JSON.stringify({ stages: results, errors })}\n`);
  }
}

/**
 * Runs a program of the repository on the Node that is a dependency.
 * @param {readonly string[]} args
 */
async function goOn(args) {
  const PATH = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const outcome = await handOver(findNode(root), args, {
    cwd: root,
    env: { ...process.env, PATH },
  });
  if (outcome.endedBy !== null) endBy(outcome.endedBy);
  else process.exitCode = outcome.code ?? 1;
}

/**
 * Ends this process by the signal that ended the work, so that whoever waits for it sees why.
 * @param {NodeJS.Signals} name
 */
function endBy(name) {
  process.kill(process.pid, name);
}

/** @param {unknown} error */
function fail(error) {
  process.exitCode = 1;
  for (const failure of failuresOf(error)) {
    if (failure instanceof BootstrapError) process.stderr.write(describeFailure(failure));
    else process.stderr.write(`${failure.stack}\n`);
  }
}

/**
 * @param {unknown} error
 * @returns {readonly Error[]}
 */
function failuresOf(error) {
  if (error instanceof AggregateError) return error.errors;
  return [error instanceof Error ? error : new Error(String(error))];
}
