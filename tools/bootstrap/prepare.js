/**
 * Brings the checkout to the point where everything can run: finds the stages whose inputs changed,
 * checks that the machine can run them, and runs them in order under the lock.
 */
import { delimiter, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { BootstrapError } from "./catalogue.js";
import { fingerprint } from "./fingerprint.js";
import { acquireLock } from "./lock.js";
import { formatSeconds } from "./report.js";
import { readLastLines, runCommand } from "./runCommand.js";
import {
  failedStamp,
  isCurrent,
  missingOutputs,
  removeOutputs,
  removeStamp,
  writeStamp,
} from "./stamps.js";
import { recogniseFailure } from "./symptoms.js";
import { findToolFaults, findVersion } from "./tools.js";
import { faultOfFolder, openWorkFolder, requireSpace } from "./workFolder.js";

const shownLogLines = 20;

/**
 * @typedef {import("./stages.js").Stage} Stage
 *
 * @typedef {{ name: string, state: "current" | "done" | "failed" | "left out" | "stopped", seconds: number }} StageResult
 *
 * @typedef {object} Preparation
 * @property {string} root
 * @property {readonly Stage[]} stages
 * @property {NodeJS.ProcessEnv} environment
 * @property {import("./report.js").Report} report
 * @property {AbortSignal} signal
 * @property {(result: StageResult) => void} onResult
 */

/**
 * Throws a BootstrapError, an AggregateError of several, or the reason of the signal.
 * @param {Preparation} preparation
 */
export async function prepare(preparation) {
  const { root, report, signal } = preparation;
  const startedAt = performance.now();
  openWorkFolder(root);
  const onWait = sayOnce((/** @type {number} */ pid) =>
    report.say("lock", `process ${pid} is preparing this checkout; waiting for it to end`),
  );
  const lock = await acquireLock(join(root, ".bootstrap/lock"), { onWait, signal });
  try {
    const environment = outsideEnvironment(root, preparation.environment);
    const worked = await runStaleStages({ ...preparation, environment }, lock);
    const elapsedMs = performance.now() - startedAt;
    const outcome = worked
      ? formatSeconds(elapsedMs)
      : `nothing changed (${elapsedMs.toFixed()} ms)`;
    report.say("ready", outcome);
  } catch (error) {
    throw faultOfFolder(join(root, ".bootstrap"), error);
  } finally {
    lock.release();
  }
}

/**
 * @param {Preparation} preparation
 * @param {import("./lock.js").Lock} lock
 */
async function runStaleStages(preparation, lock) {
  const { root, stages, onResult } = preparation;
  const stale = [];
  for (const stage of stages) {
    if (isCurrent(root, stage, currentFingerprint(root, stage, preparation.environment))) {
      onResult({ name: stage.name, state: "current", seconds: 0 });
    } else if (stage.optional && (await faultsOf(stage.tools, preparation)).length > 0) {
      removeOutputs(root, stage);
      onResult({ name: stage.name, state: "left out", seconds: 0 });
    } else {
      stale.push(stage);
    }
  }
  if (stale.length === 0) return false;
  const faults = await faultsOf(new Set(stale.flatMap((stage) => stage.tools)), preparation);
  if (faults.length === 1) throw faults[0];
  if (faults.length > 1) throw new AggregateError(faults);
  requireSpace(root, stale, preparation.environment);
  for (const stage of stale) await runStage(preparation, stage, lock);
  return true;
}

/**
 * A Ctrl-C ends the tools that are asked as well, and no tool is missing for that. This process hears of it between two turns of the
 * event loop, which asking holds up.
 * @param {Iterable<string>} names
 * @param {Preparation} preparation
 */
async function faultsOf(names, { environment, signal }) {
  const faults = findToolFaults(names, environment);
  // The first is over before signals are looked at.
  await setImmediate();
  await setImmediate();
  signal.throwIfAborted();
  return faults;
}

/**
 * @param {Preparation} preparation
 * @param {Stage} stage
 * @param {import("./lock.js").Lock} lock
 */
async function runStage({ root, environment, report, signal, onResult }, stage, lock) {
  const logPath = logPathOf(root, stage);
  // Taken before the run: an input that changes meanwhile makes the stage stale again.
  const inputs = currentFingerprint(root, stage, environment);
  removeStamp(root, stage);
  const startedAt = performance.now();
  const end = report.begin(stage.name, stage.what, () => readLastLines(logPath, 1)[0] ?? "");
  /** @param {StageResult["state"]} state */
  const finish = (state) => {
    end(state);
    onResult({ name: stage.name, state, seconds: (performance.now() - startedAt) / 1000 });
  };
  try {
    const failure = await runCommand({
      command: stage.command,
      folder: join(root, stage.folder),
      environment: { ...environment, ...stage.environment },
      logPath,
      signal,
      onStart: lock.setChild,
    });
    const missing = missingOutputs(root, stage);
    if (failure !== null) throw explainFailure(root, stage, failure);
    if (missing.length > 0) throw explainFailure(root, stage, `no ${missing.join(", ")}`);
    writeStamp(root, stage, inputs);
  } catch (error) {
    finish(signal.aborted ? "stopped" : "failed");
    if (!stage.optional || signal.aborted) throw error;
    removeOutputs(root, stage);
    report.say(stage.name, `left out: everything runs without; the log is ${logPath}`);
    writeStamp(root, stage, failedStamp(inputs));
    return;
  }
  finish("done");
}

/**
 * @param {string} root
 * @param {Stage} stage
 * @param {string} reason
 */
function explainFailure(root, stage, reason) {
  const log = logPathOf(root, stage);
  const lines = readLastLines(log, shownLogLines);
  const code = recogniseFailure(lines) ?? "BOOTSTRAP_STAGE_FAILED";
  const command = stage.command.join(" ");
  const facts = { stage: stage.name, command, folder: join(root, stage.folder), reason, log };
  const details = [`${command}: ${reason}`, ...lines.map((line) => `| ${line}`), `log: ${log}`];
  return new BootstrapError({ code, ...facts }, details);
}

/**
 * @param {string} root
 * @param {Stage} stage
 */
function logPathOf(root, stage) {
  return join(root, ".bootstrap/logs", `${stage.name}.log`);
}

/**
 * @param {string} root
 * @param {Stage} stage
 * @param {NodeJS.ProcessEnv} environment
 */
function currentFingerprint(root, stage, environment) {
  const version = stage.compiler === undefined ? null : findVersion(stage.compiler, environment);
  return fingerprint(root, stage, version);
}

/**
 * The environment without this checkout's own programs. npm puts `node_modules/.bin` first on the
 * PATH of its scripts; `npm ci` must not run on the Node that it is about to replace.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} environment
 */
function outsideEnvironment(root, environment) {
  const own = join(root, "node_modules/.bin");
  const entries = (environment.PATH ?? "").split(delimiter).filter((entry) => entry !== own);
  return { ...environment, PATH: entries.join(delimiter) };
}

/**
 * @template Value
 * @param {(value: Value) => void} say
 */
function sayOnce(say) {
  let said = false;
  return (/** @type {Value} */ value) => {
    if (!said) say(value);
    said = true;
  };
}
