/**
 * Remembers which inputs a stage was last run with. A stamp is written only after a stage succeeded
 * and removed before it starts, so a kill at any moment leaves the stage stale and nothing else.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 * @param {string} fingerprint
 */
export function isCurrent(root, stage, fingerprint) {
  const path = stampPath(root, stage);
  if (!existsSync(path)) return false;
  const stamp = readFileSync(path, "utf8");
  if (stage.optional && stamp === failedStamp(fingerprint)) return true;
  return stamp === fingerprint && missingOutputs(root, stage).length === 0;
}

/**
 * What an optional stage is stamped with when it failed: it is tried again when an input changes.
 * @param {string} fingerprint
 */
export function failedStamp(fingerprint) {
  return `${fingerprint} failed`;
}

/**
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 */
export function missingOutputs(root, stage) {
  return stage.outputs.filter((output) => !existsSync(join(root, output)));
}

/**
 * Takes away what a stage that is left out made of other inputs, which nobody may take for these.
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 */
export function removeOutputs(root, stage) {
  for (const output of stage.outputs) rmSync(join(root, output), { force: true, recursive: true });
}

/**
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 */
export function removeStamp(root, stage) {
  rmSync(stampPath(root, stage), { force: true });
}

/**
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 * @param {string} fingerprint
 */
export function writeStamp(root, stage, fingerprint) {
  const path = stampPath(root, stage);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.draft`, fingerprint);
  renameSync(`${path}.draft`, path);
}

/**
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 */
function stampPath(root, stage) {
  return join(root, ".bootstrap/stamps", stage.name);
}
