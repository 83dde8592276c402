/**
 * Owns how every generator ends: it writes its outputs, or with `--check` compares them and names the
 * stale ones. It must not know what is generated.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot = fileURLToPath(new URL("../../", import.meta.url));

/** Generated text by path relative to the repository's root. */
export type Outputs = Readonly<Record<string, string>>;

/** Paths whose text on disk differs from the generated text, or that do not exist. */
export function staleOutputs(outputs: Outputs, root: string): readonly string[] {
  return Object.entries(outputs)
    .filter(([path, text]) => readIfPresent(join(root, path)) !== text)
    .map(([path]) => path);
}

/** Writes what is stale and leaves the rest untouched, so that builds keyed on content stay fresh. */
export function writeOutputs(outputs: Outputs, root: string): readonly string[] {
  const stale = staleOutputs(outputs, root);
  for (const path of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), outputs[path]!);
  }
  return stale;
}

/** The command line of a generator: `node tools/gen/<name>.ts [--check]`. */
export function runGenerator(name: string, generate: () => Outputs): void {
  const outputs = generate();
  if (!process.argv.includes("--check")) {
    const written = writeOutputs(outputs, repositoryRoot);
    console.log(written.length === 0 ? `${name}: current` : `${name}: wrote ${written.join(", ")}`);
    return;
  }
  const stale = staleOutputs(outputs, repositoryRoot);
  if (stale.length > 0) {
    console.error(`${name}: stale: ${stale.join(", ")}. Run npm run gen:${name}.`);
    process.exitCode = 1;
  }
}

function readIfPresent(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}
