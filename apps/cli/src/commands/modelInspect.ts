/** `r3mes model inspect`: what a model is, after each of its weights was compared with its root. */
import { encodeModelManifest } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";
import { manifestHash, toHex } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { describeBytes } from "../describeBytes.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { findModelFolder } from "../models/findModelFolder.ts";
import { writeRows } from "../writeRows.ts";

export async function modelInspect(context: CommandContext, name: string): Promise<ExitCode> {
  const { host, json } = context;
  const folder = findModelFolder(name, context);
  const model = await openModelFolder(folder);
  const progress = createProgress(host, json, systemClock);
  try {
    await model.verify((checked, all, weight) =>
      progress.show(`checked ${describeBytes(checked)} of ${describeBytes(all)} · ${weight}`),
    );
  } finally {
    progress.end();
    await model.close();
  }
  const { weights, ...manifest } = model.manifest;
  const hash = toHex(manifestHash(encodeModelManifest(model.manifest)));
  if (json) {
    const report = {
      folder,
      manifestHash: hash,
      ...manifest,
      weights: weights.length,
      verified: true,
    };
    host.stdout.write(`${JSON.stringify(report)}\n`);
    return exitCodes.ok;
  }
  const { architecture: shape, backbone, tokenizer } = manifest;
  const heads = `${shape.heads} heads of ${shape.headSize}, ${shape.kvHeads} for keys and values`;
  writeRows(host, [
    ["model", manifest.name],
    ["folder", folder],
    ["source", manifest.source],
    ["licence", manifest.licence],
    ["kind", shape.kind],
    ["shape", `${shape.layers} layers of ${shape.hidden}, ${heads}, feed-forward ${shape.ffn}`],
    ["norms", `an epsilon of ${epsilonOf(shape.normEpsilon)}`],
    ["context", `${shape.context} tokens`],
    ["vocabulary", `${shape.vocabulary} tokens`],
    ["tokenizer", tokenizer === undefined ? "none" : tokenizer.sha256],
    ["manifest", hash],
    ["root", backbone.root],
    ["size", `${describeBytes(backbone.bytes)} in ${weights.length} weights, all checked`],
  ]);
  return exitCodes.ok;
}

/** An epsilon times 2^40 as people write it. */
function epsilonOf(normEpsilon = 0): string {
  return String(Number((normEpsilon / 2 ** 40).toPrecision(3)));
}
