/** Reads the files that git tracks or would track, so that tidy judges what a clone would hold. */
import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Tree } from "./rule.ts";

const textBytesMax = 2 << 20;

export function readTree(root: string): Tree {
  const listing = execFileSync(
    "git",
    ["ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 << 20,
    },
  );
  const tree = new Map<string, string>();
  for (const path of listing.split("\0").filter(Boolean).sort()) {
    const stat = lstatSync(join(root, path), { throwIfNoEntry: false });
    if (stat === undefined || !stat.isFile()) continue;
    const bytes = stat.size > textBytesMax ? null : readFileSync(join(root, path));
    tree.set(path, bytes === null || bytes.includes(0) ? "" : bytes.toString("utf8"));
  }
  return tree;
}
