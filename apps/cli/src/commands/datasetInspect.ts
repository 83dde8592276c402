/** `r3mes dataset inspect`: what a dataset says of itself. */
import { readDatasetManifest } from "@r3mes/models";
import { openFolder } from "@r3mes/models/node";
import type { CommandContext } from "../commandContext.ts";
import { findDatasetFolder } from "../datasets/localDataset.ts";
import { reportDataset } from "../datasets/reportDataset.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";

export async function datasetInspect(context: CommandContext, name: string): Promise<ExitCode> {
  const folder = findDatasetFolder(name, context);
  reportDataset(context, folder, await readDatasetManifest(openFolder(folder)));
  return exitCodes.ok;
}
