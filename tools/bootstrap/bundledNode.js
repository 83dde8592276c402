/**
 * Finds the Node that everything after the bootstrap runs on: the one that is a dependency, so that
 * its version is pinned and its hash is in the lockfile.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { BootstrapError } from "./catalogue.js";

const neededMajor = 24;

/** The platforms whose Node is in the registry; elsewhere people bring their own. */
export const platformHasBundledNode =
  process.platform === "linux" && ["x64", "arm64"].includes(process.arch);

/**
 * Path of the Node to run everything else on.
 * @param {string} root
 * @param {{ version: string, path: string }} current  The Node that runs this.
 */
export function findNode(
  root,
  current = { version: process.versions.node, path: process.execPath },
) {
  const bundled = join(root, "node_modules/.bin/node");
  if (existsSync(bundled)) return bundled;
  if (Number(current.version.split(".")[0]) >= neededMajor) return current.path;
  throw new BootstrapError({
    code: "BOOTSTRAP_NODE_UNUSABLE",
    platform: `${process.platform}-${process.arch}`,
    found: current.version,
    needed: String(neededMajor),
  });
}
