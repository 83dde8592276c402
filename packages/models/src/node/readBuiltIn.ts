/** Text out of installed npm packages. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import type { SourceFile } from "../corpus/document.ts";
import type { CorpusParts } from "../corpus/splitDocuments.ts";
import { type BuiltInDataset, readBuiltInDataset } from "../dataset/builtInDatasets.ts";

const require = createRequire(import.meta.url);

/** Reads a built-in dataset's text out of its installed package. */
export function readBuiltIn(dataset: BuiltInDataset): CorpusParts {
  return readBuiltInDataset(dataset, packageFiles(dataset.package, dataset.holdsText));
}

/** The files of an installed package whose path, with forward slashes, is wanted. */
export function packageFiles(name: string, isWanted: (path: string) => boolean): SourceFile[] {
  const root = dirname(require.resolve(`${name}/package.json`));
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({
      path,
      name: path
        .slice(root.length + 1)
        .split(sep)
        .join("/"),
    }))
    .filter((file) => isWanted(file.name))
    .map((file) => ({ name: file.name, text: readFileSync(file.path, "utf8") }));
}
