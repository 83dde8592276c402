/**
 * Hands the terminal and the signals over to another program and ends as it ended. Node cannot
 * replace itself by another program, so this process stays behind it and passes signals on.
 */
import { spawn } from "node:child_process";
import { BootstrapError } from "./catalogue.js";

const passedOn = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

/**
 * A program that shares our terminal also gets the terminal's own Ctrl-C, so it must take signals
 * close together as one. A channel to it stays open: when this process is killed outright it closes,
 * and a program that was told so by R3MES_LAUNCHED ends in order.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<{ code: number | null, endedBy: NodeJS.Signals | null }>}
 */
export async function handOver(program, args, options) {
  const child = spawn(program, args, {
    ...options,
    env: { ...options.env, R3MES_LAUNCHED: "1" },
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  const passOn = (/** @type {NodeJS.Signals} */ name) => child.kill(name);
  for (const name of passedOn) process.on(name, passOn);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", (error) => reject(cannotRun(program, error)));
      child.once("exit", (code, endedBy) => resolve({ code, endedBy }));
    });
  } finally {
    for (const name of passedOn) process.off(name, passOn);
  }
}

/**
 * The bundled Node is built for glibc; elsewhere the system says that it cannot be run.
 * @param {string} program
 * @param {Error} error
 */
function cannotRun(program, error) {
  const platform = `${process.platform}-${process.arch}`;
  const facts = { platform, found: process.versions.node, needed: "24", program };
  return new BootstrapError({ code: "BOOTSTRAP_NODE_UNUSABLE", ...facts }, [error.message]);
}
