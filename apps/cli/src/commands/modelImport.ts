/** `r3mes model import`: a Hugging Face BitNet checkpoint becomes a model folder. */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { encodeModelManifest, MODEL_MANIFEST_FILE } from "@r3mes/models";
import { importCheckpointFolder } from "@r3mes/models/node";
import { manifestHash, R3mesError, toHex } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { describeBytes } from "../describeBytes.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { fillFolder } from "../fillFolder.ts";
import { modelsFolder } from "../models/findModelFolder.ts";
import { readCountIfGiven } from "../readNumber.ts";
import { writeRows } from "../writeRows.ts";

export type ModelImportOptions = {
  readonly out?: string;
  readonly name?: string;
  readonly licence: string;
  readonly context?: string;
};

export async function modelImport(
  { host, home, json }: CommandContext,
  folder: string,
  options: ModelImportOptions,
): Promise<ExitCode> {
  const from = resolve(host.cwd, folder);
  const name = options.name ?? nameOf(from);
  const to =
    options.out === undefined ? join(modelsFolder(home), name) : resolve(host.cwd, options.out);
  const context = readCountIfGiven("--context", options.context, { min: 1, max: 4096 });
  if (!existsSync(from)) {
    throw new R3mesError({
      code: "FILE_UNREADABLE",
      path: from,
      reason: "there is no such folder",
    });
  }
  if (existsSync(join(to, MODEL_MANIFEST_FILE))) {
    throw new R3mesError({ code: "FOLDER_OCCUPIED", path: to });
  }
  const progress = createProgress(host, json, systemClock);
  const beganMs = systemClock.monotonicMs();
  const description = { name, source: basename(from), licence: options.licence };
  const imported = await fillFolder(to, importFolder).finally(progress.end);
  const seconds = (systemClock.monotonicMs() - beganMs) / 1000;
  const { manifest, assumptions } = imported;
  const { root, bytes } = manifest.backbone;
  const report = {
    folder: to,
    manifestHash: toHex(manifestHash(encodeModelManifest(manifest))),
    root,
    bytes,
    architecture: manifest.architecture,
    assumptions,
    megabytesPerSecond: Math.round(bytes / 1e4 / seconds) / 100,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  if (json) {
    host.stdout.write(`${JSON.stringify(report)}\n`);
    return exitCodes.ok;
  }
  writeRows(host, [
    ["model", name],
    ["folder", to],
    ["manifest", report.manifestHash],
    ["root", root],
    ["size", describeBytes(bytes)],
    ["speed", `${report.megabytesPerSecond} MB/s`],
    ["memory", `${describeBytes(report.peakBytes)} at most`],
    ...assumptions.map((assumption) => ["assumed", assumption] as const),
  ]);
  return exitCodes.ok;

  function importFolder() {
    return importCheckpointFolder({
      from,
      to,
      description,
      ...(context === undefined ? {} : { context }),
      onProgress: (written, all, weight) =>
        progress.show(`${describeBytes(written)} of ${describeBytes(all)} · ${weight}`),
    });
  }
}

/** A folder's name as a model's: lower-case letters, digits, dots and dashes. */
function nameOf(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, "-")
    .replace(/^[.-]+/, "");
  return name === "" ? "model" : name.slice(0, 64);
}
