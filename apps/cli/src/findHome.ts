/** Finds the folder in which r3mes keeps what belongs to a project: `.r3mes` of the project. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

export const homeVariable = "R3MES_HOME";

/**
 * The flag decides, then the variable, then the nearest folder upwards that has a `.r3mes` or is the
 * root of a repository, and at last the current folder.
 */
export function findHome(
  flag: string | undefined,
  host: { readonly cwd: string; readonly env: { readonly [name: string]: string | undefined } },
): string {
  const named = flag ?? host.env[homeVariable];
  if (named) return resolve(host.cwd, named);
  for (let folder = host.cwd; ; folder = dirname(folder)) {
    const home = join(folder, ".r3mes");
    if (existsSync(home) || existsSync(join(folder, ".git"))) return home;
    if (folder === dirname(folder)) return join(host.cwd, ".r3mes");
  }
}
