/** Finds the benchmarks of the repository by the names of their files. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Bench } from "./bench.ts";

const suffix = ".bench.ts";

/** Names to paths, sorted by name. Two benchmarks of one name are a mistake in the repository. */
export function findBenches(root: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const path of walk(root, ["packages", "apps", "simulation", "tools"])) {
    const name = basename(path, suffix);
    const other = found.get(name);
    if (other !== undefined) throw new Error(`${other} and ${path} are both the benchmark ${name}`);
    found.set(name, path);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export async function loadBench(path: string): Promise<Bench> {
  const { bench } = (await import(path)) as { bench?: Bench };
  if (bench === undefined) throw new Error(`${path} exports no bench`);
  return bench;
}

function walk(root: string, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    if (["node_modules", "dist"].includes(name)) return [];
    const folder = join(root, name);
    const entries = readdirSync(folder, { withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith(suffix));
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
    return [...files.map((entry) => join(folder, entry.name)), ...walk(folder, folders)];
  });
}
