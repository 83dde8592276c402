/**
 * Writes the vectors that are missing: `node tools/vectors/main.ts [--check | --rewrite]`.
 * It refuses to change a vector that is written; `--rewrite` does, and the change needs an ADR.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chunkVectors } from "./chunks.ts";
import { commitmentVectors } from "./commitments.ts";
import { encodingVectors } from "./encoding.ts";
import { inferenceVectors } from "./inference.ts";
import { merkleVectors } from "./merkle.ts";
import { moneyVectors } from "./money.ts";
import { operationVectors } from "./operations.ts";
import { seedVectors } from "./seeds.ts";
import { tileVectors } from "./tiles.ts";
import { mergeVectors, type VectorFile, writeVectors } from "./vectorFile.ts";

const vectorsFolder = fileURLToPath(new URL("../../spec/vectors/", import.meta.url));

/** Everything but `heavyVectors`. */
export function quickVectors(): readonly VectorFile[] {
  return [
    ...encodingVectors(),
    ...merkleVectors(),
    ...seedVectors(),
    ...chunkVectors(),
    ...commitmentVectors(),
    ...moneyVectors(),
    ...inferenceVectors(),
  ];
}

/** The vectors of the engine's operations, which take the reference some seconds. */
export async function heavyVectors(): Promise<readonly VectorFile[]> {
  return [await operationVectors(), await tileVectors(vectorsFolder)];
}

type Mode = "add" | "check" | "rewrite";

/** Sentences about what was added, and about what stands in the way. */
export function updateVectors(
  files: readonly VectorFile[],
  folder: string,
  mode: Mode,
): { readonly added: readonly string[]; readonly faults: readonly string[] } {
  const added: string[] = [];
  const faults: string[] = [];
  for (const file of files) {
    const path = join(folder, file.path);
    const written = existsSync(path) ? readFileSync(path, "utf8") : undefined;
    const merge = mergeVectors(file, written);
    const changed = mode === "rewrite" ? [] : merge.changed;
    faults.push(...changed.map((name) => `${file.path}: "${name}" would change`));
    if (mode === "check")
      faults.push(...merge.added.map((name) => `${file.path}: "${name}" is missing`));
    if (mode === "check" || changed.length > 0) continue;
    const text = mode === "rewrite" ? writeVectors(file) : merge.text;
    if (text === written) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    added.push(`${file.path}: ${merge.added.length} added`);
  }
  return { added, faults };
}

async function main(): Promise<void> {
  const flags = process.argv.slice(2);
  const mode = flags.includes("--rewrite")
    ? "rewrite"
    : flags.includes("--check")
      ? "check"
      : "add";
  const files = [...quickVectors(), ...(await heavyVectors())];
  const { added, faults } = updateVectors(files, vectorsFolder, mode);
  for (const line of added) console.log(line);
  for (const line of faults) console.error(line);
  if (faults.length > 0) {
    console.error(
      "A written vector changes only with --rewrite and an ADR: spec/vectors/README.md.",
    );
    process.exitCode = 1;
  }
}

if (import.meta.main) await main();
