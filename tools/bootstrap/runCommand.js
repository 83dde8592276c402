/**
 * Runs one program to its end with its output in a log file. The program leads a process group of
 * its own, so that nothing it started outlives it when it is ended early.
 */
import { spawn } from "node:child_process";
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from "node:fs";
import { dirname } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { endGroup, identify } from "./processes.js";

/**
 * @typedef {object} Command
 * @property {readonly string[]} command
 * @property {string} folder
 * @property {NodeJS.ProcessEnv} environment
 * @property {string} logPath
 * @property {AbortSignal} signal   Ends the program, then the call rejects with the signal's reason.
 * @property {(child: import("./processes.js").ProcessIdentity | null) => void} [onStart]
 *
 * @param {Command} options
 * @returns {Promise<string | null>} how it failed, or null when it succeeded
 */
export async function runCommand({ command, folder, environment, logPath, signal, onStart }) {
  signal.throwIfAborted();
  mkdirSync(dirname(logPath), { recursive: true });
  const log = openSync(logPath, "w");
  try {
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd: folder,
      env: environment,
      stdio: ["ignore", log, log],
      detached: true,
    });
    const leader = child.pid === undefined ? null : identify(child.pid);
    const ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, killedBy) => resolve(describeFailedEnd(code, killedBy)));
    });
    try {
      onStart?.(leader);
    } catch (error) {
      if (leader !== null) await endGroup(leader);
      throw error;
    }
    let ending = Promise.resolve();
    const endEarly = () => {
      if (leader !== null) ending = endGroup(leader);
    };
    signal.addEventListener("abort", endEarly, { once: true });
    const outcome = await ended;
    signal.removeEventListener("abort", endEarly);
    await ending;
    signal.throwIfAborted();
    return outcome;
  } finally {
    closeSync(log);
  }
}

/**
 * @param {number | null} code
 * @param {NodeJS.Signals | null} killedBy
 */
function describeFailedEnd(code, killedBy) {
  if (code === 0) return null;
  return killedBy === null ? `exit status ${code}` : `ended by ${killedBy}`;
}

const tailBytes = 16_384;

/**
 * The last lines of a file, without blank ones and without colour codes.
 * @param {string} path
 * @param {number} count
 * @returns {readonly string[]}
 */
export function readLastLines(path, count) {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const length = Math.min(size, tailBytes);
    const tail = Buffer.alloc(length);
    readSync(file, tail, 0, length, size - length);
    const lines = stripVTControlCharacters(tail.toString("utf8")).split(/[\r\n]+/);
    return lines.filter((line) => line.trim() !== "").slice(-count);
  } finally {
    closeSync(file);
  }
}
