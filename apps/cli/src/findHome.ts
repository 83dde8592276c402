/** Finds the folder in which r3mes keeps what belongs to a project: `.r3mes` of the project. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { shellWord } from "./localnet/shellWord.ts";

export const homeVariable = "R3MES_HOME";

type Surroundings = {
  readonly cwd: string;
  readonly env: { readonly [name: string]: string | undefined };
};

/**
 * The flag decides, then the variable, then the nearest folder upwards that has a `.r3mes` or is the
 * root of a repository, and at last the current folder.
 */
export function findHome(flag: string | undefined, host: Surroundings): string {
  const named = flag ?? host.env[homeVariable];
  if (named) return resolve(host.cwd, named);
  for (let folder = host.cwd; ; folder = dirname(folder)) {
    const home = join(folder, ".r3mes");
    if (existsSync(home) || existsSync(join(folder, ".git"))) return home;
    if (folder === dirname(folder)) return join(host.cwd, ".r3mes");
  }
}

/** What a further command needs to be about the same home: nothing, where it would find that by itself. */
export function homeOption(home: string, host: Surroundings): string {
  return findHome(undefined, host) === home ? "" : ` --home ${shellWord(home)}`;
}
