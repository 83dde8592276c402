/** Builds datasets on disk, from installed packages or from a folder of somebody's own text. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeSha256 } from "@r3mes/engine/node";
import { R3mesError } from "@r3mes/protocol";
import { cutDocuments } from "../corpus/cutDocuments.ts";
import { withoutDuplicates } from "../corpus/deduplicate.ts";
import { type CorpusParts, DOMAIN_SPLIT, splitDocuments } from "../corpus/splitDocuments.ts";
import { buildDataset } from "../dataset/buildDataset.ts";
import { BUILT_IN_DATASETS } from "../dataset/builtInDatasets.ts";
import type { DatasetDescription, DatasetManifest } from "../dataset/datasetManifest.ts";
import { readOwnText } from "../dataset/readOwnText.ts";
import { TOKENIZER_FILE } from "../model/modelManifest.ts";
import { openModelFolder } from "./openModelFolder.ts";
import { readBuiltIn } from "./readBuiltIn.ts";
import { readTextFolder } from "./readTextFolder.ts";
import { writeDatasetFolder } from "./writeDatasetFolder.ts";

export interface BuildDatasetFolderOptions {
  /** The folder of the model whose tokenizer cuts the text. */
  readonly model: string;
  /** The dataset's folder; it is made. */
  readonly to: string;
}

/**
 * Builds a dataset that comes with R3MES.
 *
 * @throws DATASET_NOT_FOUND for a name that is not built in
 */
export function buildBuiltInDataset(
  name: string,
  options: BuildDatasetFolderOptions,
): Promise<DatasetManifest> {
  const dataset = BUILT_IN_DATASETS.find(({ description }) => description.name === name);
  if (dataset === undefined) throw new R3mesError({ code: "DATASET_NOT_FOUND", dataset: name });
  return build(dataset.description, readBuiltIn(dataset), options);
}

/**
 * Builds a dataset from a folder of somebody's own `.txt` and `.jsonl` files. Long files are cut into pieces, so that every tenth
 * piece can be held out.
 */
export function buildOwnDataset(
  folder: string,
  description: DatasetDescription,
  options: BuildDatasetFolderOptions,
): Promise<DatasetManifest> {
  const documents = withoutDuplicates(cutDocuments(readOwnText(readTextFolder(folder))));
  return build(description, splitDocuments(documents, DOMAIN_SPLIT), options);
}

async function build(
  description: DatasetDescription,
  parts: CorpusParts,
  options: BuildDatasetFolderOptions,
): Promise<DatasetManifest> {
  const model = await openModelFolder(options.model);
  await model.close();
  const { tokenizer, manifest } = model;
  if (tokenizer === undefined || manifest.tokenizer === undefined) {
    throw new R3mesError({ code: "TOKENIZER_INVALID", file: join(options.model, TOKENIZER_FILE) });
  }
  const tokenizerHash = nodeSha256(await readFile(join(options.model, TOKENIZER_FILE)));
  const { endOfText } = manifest.tokenizer;
  const built = buildDataset(
    { description, parts, tokenizer, tokenizerHash, endOfText },
    nodeSha256,
  );
  await writeDatasetFolder(options.to, built.files);
  return built.manifest;
}
