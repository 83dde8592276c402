/**
 * Makes sure that the checkout can be written to and that there is room for what the stages will
 * put on the disk the first time.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { BootstrapError } from "./catalogue.js";

/**
 * Creates `.bootstrap/`, where stamps, logs and the lock lie, and proves that it takes a file.
 * @param {string} root
 */
export function openWorkFolder(root) {
  const folder = resolve(root, ".bootstrap");
  const probe = resolve(folder, `probe-${process.pid}`);
  try {
    makeFolder(folder);
    writeFileSync(probe, "written to see that files can be written here\n");
    rmSync(probe);
  } catch (error) {
    throw faultOfFolder(folder, error);
  }
}

/**
 * Not by a recursive mkdir: on a read-only file system Node's says that a folder is missing.
 * @param {string} folder
 */
function makeFolder(folder) {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
  }
}

/**
 * Tells what the system said about a folder in the words of the catalogue; any other error stays.
 * @param {string} folder
 * @param {unknown} error
 */
export function faultOfFolder(folder, error) {
  const code = String(/** @type {NodeJS.ErrnoException} */ (error).code);
  if (["EACCES", "EPERM", "EROFS"].includes(code)) {
    return new BootstrapError({ code: "BOOTSTRAP_NOT_WRITABLE", folder, reason: code });
  }
  if (["ENOSPC", "EDQUOT"].includes(code)) {
    return new BootstrapError({ code: "BOOTSTRAP_DISK_FULL", folder, reason: code });
  }
  return error;
}

/**
 * Throws when a file system is too small for what the stages will put there.
 * @param {string} root
 * @param {readonly import("./stages.js").Stage[]} stages
 * @param {NodeJS.ProcessEnv} environment
 * @param {(folder: string) => number} freeBytes
 */
export function requireSpace(root, stages, environment, freeBytes = readFreeBytes) {
  /** @type {Map<number, { folder: string, neededMebibytes: number }>} */
  const fileSystems = new Map();
  for (const { folder: name, mebibytes } of stages.flatMap((stage) => stage.fills)) {
    const folder = resolveFolder(root, name, environment);
    if (existsSync(folder)) continue;
    const parent = nearestExisting(folder);
    const { dev } = statSync(parent);
    const known = fileSystems.get(dev) ?? { folder: parent, neededMebibytes: 0 };
    fileSystems.set(dev, { ...known, neededMebibytes: known.neededMebibytes + mebibytes });
  }
  for (const { folder, neededMebibytes } of fileSystems.values()) {
    const freeMebibytes = Math.floor(freeBytes(folder) / 2 ** 20);
    if (freeMebibytes >= neededMebibytes) continue;
    throw new BootstrapError(
      { code: "BOOTSTRAP_DISK_FULL", folder, freeMebibytes, neededMebibytes },
      [`${freeMebibytes} MiB are free, and setting up takes ${neededMebibytes} MiB there.`],
    );
  }
}

/**
 * @param {string} root
 * @param {string} name
 * @param {NodeJS.ProcessEnv} environment
 */
function resolveFolder(root, name, environment) {
  if (!name.startsWith("$")) return resolve(root, name);
  const found = spawnSync("go", ["env", name.slice(1)], { env: environment, encoding: "utf8" });
  return resolve(root, found.stdout.trim());
}

/**
 * @param {string} folder
 * @returns {string}
 */
function nearestExisting(folder) {
  return existsSync(folder) ? folder : nearestExisting(dirname(folder));
}

/** @param {string} folder */
function readFreeBytes(folder) {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
