/** `r3mes dataset build`: a built-in dataset, or one's own text, as shards of tokens under one root. */
import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { DATASET_MANIFEST_FILE, type DatasetDescription, readDatasetManifest } from "@r3mes/models";
import {
  buildBuiltInDataset,
  buildOwnDataset,
  openFolder,
  openModelFolder,
} from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { nearestName, systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { builtInFolder, builtInNames, isBuiltIn } from "../datasets/localDataset.ts";
import { reportDataset } from "../datasets/reportDataset.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { fillFolder } from "../fillFolder.ts";
import { findModelFolder } from "../models/findModelFolder.ts";

export type DatasetBuildOptions = {
  readonly out?: string;
  readonly model: string;
  readonly licence?: string;
  readonly name?: string;
  readonly title?: string;
  readonly author: string;
  readonly date: string;
  readonly source?: string;
  readonly royaltyAddress?: string;
};

export async function datasetBuild(
  context: CommandContext,
  source: string,
  options: DatasetBuildOptions,
): Promise<ExitCode> {
  const { host, home, json } = context;
  const model = findModelFolder(options.model, context);
  const description = isBuiltIn(source) ? undefined : describe(source, context, options);
  const name = description?.name ?? source;
  const to =
    options.out === undefined
      ? await defaultFolder(home, name, model, description === undefined)
      : resolve(host.cwd, options.out);
  await requireFree(to, name);
  const progress = createProgress(host, json, systemClock);
  progress.show(`building ${name}`);
  try {
    const manifest = await fillFolder(to, () =>
      description === undefined
        ? buildBuiltInDataset(source, { model, to })
        : buildOwnDataset(resolve(host.cwd, source), description, { model, to }),
    );
    progress.end();
    reportDataset(context, to, manifest);
  } finally {
    progress.end();
  }
  return exitCodes.ok;
}

/** @throws DATASET_UNKNOWN, DATASET_LICENCE_MISSING */
function describe(
  source: string,
  { host }: CommandContext,
  options: DatasetBuildOptions,
): DatasetDescription {
  const folder = resolve(host.cwd, source);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    const nearest = nearestName(source, builtInNames);
    throw new R3mesError({ code: "DATASET_UNKNOWN", dataset: source, nearest });
  }
  if (options.licence === undefined || options.licence.trim() === "") {
    throw new R3mesError({ code: "DATASET_LICENCE_MISSING", folder });
  }
  const name = options.name ?? nameOf(folder);
  return {
    name,
    title: options.title ?? name,
    source: options.source ?? basename(folder),
    author: options.author,
    date: options.date,
    licence: options.licence,
    ...(options.royaltyAddress === undefined ? {} : { royaltyAddress: options.royaltyAddress }),
  };
}

/** A folder's name as a dataset's: lower-case letters, digits and dashes. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "text" : name.slice(0, 64);
}

async function defaultFolder(
  home: string,
  name: string,
  modelFolder: string,
  isOurs: boolean,
): Promise<string> {
  if (!isOurs) return join(home, "datasets", name);
  const model = await openModelFolder(modelFolder);
  await model.close();
  const { tokenizer } = model.manifest;
  if (tokenizer === undefined) {
    throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: model.manifest.name });
  }
  return builtInFolder(home, name, tokenizer.sha256);
}

/** A dataset of the same name is built anew; anything else is left alone. */
async function requireFree(folder: string, name: string): Promise<void> {
  if (!existsSync(join(folder, DATASET_MANIFEST_FILE))) return;
  const manifest = await readDatasetManifest(openFolder(folder));
  if (manifest.name !== name) throw new R3mesError({ code: "FOLDER_OCCUPIED", path: folder });
}
