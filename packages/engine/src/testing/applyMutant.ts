/** Puts a mutant into a copy of the sources that it is an error in. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Mutant } from "./mutants.ts";

export function applyMutant(folder: string, { file, from, to }: Mutant): void {
  const path = join(folder, file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} no longer says ${from}`);
  writeFileSync(path, text.replace(from, to));
}
