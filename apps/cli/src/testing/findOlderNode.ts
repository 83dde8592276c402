/** Finds a Node below the one that R3MES needs, for tests of the hand-over. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const neededMajor = 24;

/** Null when this machine's path has none. */
export function findOlderNode(): string | null {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const node = join(folder, "node");
    if (!existsSync(node)) continue;
    const version = execFileSync(node, ["--version"], { encoding: "utf8" });
    if (Number(/^v(\d+)/.exec(version)?.[1]) < neededMajor) return node;
  }
  return null;
}
