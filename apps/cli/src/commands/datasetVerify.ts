/** `r3mes dataset verify`: every shard against its root, every token against the vocabulary. */
import { nodeSha256 } from "@r3mes/engine/node";
import { verifyDataset } from "@r3mes/models";
import { openFolder } from "@r3mes/models/node";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { findDatasetFolder } from "../datasets/localDataset.ts";
import { reportDataset } from "../datasets/reportDataset.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";

export async function datasetVerify(context: CommandContext, name: string): Promise<ExitCode> {
  const folder = findDatasetFolder(name, context);
  const progress = createProgress(context.host, context.json, systemClock);
  try {
    const manifest = await verifyDataset(openFolder(folder), {
      hash: nodeSha256,
      onProgress: (checked, all) => progress.show(`checked ${checked} of ${all} tokens`),
    });
    progress.end();
    reportDataset(context, folder, manifest, { verified: true });
  } finally {
    progress.end();
  }
  return exitCodes.ok;
}
