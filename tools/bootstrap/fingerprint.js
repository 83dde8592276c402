/**
 * A hash over everything a stage depends on. Content decides, never a time stamp: a clone, a
 * checkout and a restored cache all give files new times and old content.
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * @param {string} root
 * @param {import("./stages.js").Stage} stage
 * @param {string | null} compilerVersion  Version of the stage's compiler; null when it has none.
 * @returns {string} hex
 */
export function fingerprint(root, stage, compilerVersion) {
  const hash = createHash("sha256");
  const surroundings = [process.platform, process.arch, compilerVersion];
  hash.update(JSON.stringify([stage.command, stage.environment ?? {}, surroundings]));
  for (const path of listInputs(root, stage)) {
    const content = readFileSync(join(root, path));
    hash.update(`\n${JSON.stringify(path)} ${content.length}\n`).update(content);
  }
  return hash.digest("hex");
}

/**
 * Paths of a stage's input files from the root, sorted; an input that does not exist has none.
 * @param {string} root
 * @param {Pick<import("./stages.js").Stage, "inputs" | "ignored">} stage
 */
export function listInputs(root, { inputs, ignored }) {
  const files = inputs.flatMap((input) => expand(root, input)).flatMap((path) => walk(root, path));
  return [...new Set(files)].filter((path) => !ignored?.test(path)).sort();
}

/**
 * @param {string} root
 * @param {string} pattern
 * @returns {readonly string[]}
 */
function expand(root, pattern) {
  const star = pattern.split("/").indexOf("*");
  if (star < 0) return [pattern];
  const before = pattern.split("/").slice(0, star).join("/");
  const after = pattern.split("/").slice(star + 1);
  return listFolder(join(root, before)).flatMap((entry) =>
    expand(root, [before, entry.name, ...after].join("/")),
  );
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {readonly string[]}
 */
function walk(root, path) {
  const status = statSync(join(root, path), { throwIfNoEntry: false });
  if (status === undefined) return [];
  if (!status.isDirectory()) return [path];
  return listFolder(join(root, path)).flatMap((entry) => {
    const child = `${path}/${entry.name}`;
    return entry.isDirectory() ? walk(root, child) : entry.isFile() ? [child] : [];
  });
}

/** @param {string} folder */
function listFolder(folder) {
  const status = statSync(folder, { throwIfNoEntry: false });
  return status?.isDirectory() ? readdirSync(folder, { withFileTypes: true }) : [];
}
