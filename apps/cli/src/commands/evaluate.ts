/** `r3mes evaluate`: the loss of a model, with or without an adapter, on a dataset or on given tokens. */
import { resolve } from "node:path";
import type { Split } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { systemClock, writeWhole } from "@r3mes/service/command";
import {
  findAdapterFolder,
  type LocalAdapter,
  readAdapterFolder,
} from "../adapters/adapterFolder.ts";
import { type BackendOptions, chooseBackend } from "../backends/chooseBackend.ts";
import type { CommandContext } from "../commandContext.ts";
import { createProgress, type Progress } from "../createProgress.ts";
import { type NamedModel, openLocalDataset } from "../datasets/localDataset.ts";
import { bitsPerToken, type SampleLoss, sampleLosses } from "../evaluation/sampleLoss.ts";
import { logitsOfText, lossOfText, type TextModel } from "../evaluation/textScores.ts";
import { readTokensFile } from "../evaluation/tokensFile.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { findModelFolder } from "../models/findModelFolder.ts";
import { readCount, readCountIfGiven } from "../readNumber.ts";
import { lengthDefault, lengthRange, sequencesRange } from "../training/batchLimits.ts";
import { writeRows } from "../writeRows.ts";

export type EvaluateOptions = BackendOptions & {
  readonly model: string;
  readonly adapter?: string;
  readonly dataset?: string;
  readonly split: Split;
  readonly sequences: string;
  readonly length?: string;
  readonly tokens?: string;
  readonly logits?: string;
};

export async function evaluate(
  context: CommandContext,
  options: EvaluateOptions,
): Promise<ExitCode> {
  requireOneSource(options);
  const { host, json } = context;
  const progress = createProgress(host, json, systemClock);
  const backend = await chooseBackend(options, progress.keep);
  const folder = findModelFolder(options.model, context);
  const model = await openModelFolder(folder);
  try {
    const { manifest } = model;
    const adapter =
      options.adapter === undefined
        ? undefined
        : readAdapterFolder(findAdapterFolder(options.adapter, context), manifest);
    const text: TextModel = {
      shape: manifest.architecture,
      ...(adapter === undefined ? {} : { adapter }),
      backend,
      weights: model.weight,
    };
    const loss =
      options.tokens === undefined
        ? await onDataset(options, {
            text,
            model: { folder, manifest },
            adapter,
            context,
            progress,
          })
        : await onTokens(text, resolve(host.cwd, options.tokens), context, options);
    progress.end();
    report(context, loss);
    return exitCodes.ok;
  } finally {
    progress.end();
    await model.close();
  }
}

function requireOneSource(options: EvaluateOptions): void {
  const sources = [options.dataset, options.tokens].filter((source) => source !== undefined);
  if (sources.length !== 1) {
    const reason = "Name what to evaluate on with either --dataset or --tokens";
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
  if (options.logits !== undefined && options.tokens === undefined) {
    const reason = "--logits is for --tokens: a dataset has too many to write down";
    throw new R3mesError({ code: "USAGE_INVALID", reason });
  }
}

/** What is evaluated, and where that is told. */
interface Evaluated {
  readonly text: TextModel;
  readonly model: NamedModel;
  readonly adapter: LocalAdapter | undefined;
  readonly context: CommandContext;
  readonly progress: Progress;
}

async function onDataset(
  options: EvaluateOptions,
  { text, model, adapter, context, progress }: Evaluated,
): Promise<SampleLoss> {
  const { shape, backend, weights } = text;
  const batch = {
    sequences: readCount("--sequences", options.sequences, sequencesRange),
    length:
      readCountIfGiven("--length", options.length, lengthRange) ??
      Math.min(lengthDefault, shape.context),
  };
  const dataset = await openLocalDataset(options.dataset!, model, context);
  const { split } = options;
  const part = { dataset: dataset.name, split, tokens: dataset.tokens(split) };
  const [loss] = await sampleLosses(
    { shape, ...(adapter === undefined ? {} : { adapterShape: adapter.shape }), batch, part },
    [adapter?.tensors ?? new Map()],
    {
      backend,
      weights,
      shards: await dataset.shards(split),
      onBatch: (done, all) => progress.show(`${done} of ${all} batches`),
    },
  );
  return loss!;
}

async function onTokens(
  text: TextModel,
  path: string,
  { host }: CommandContext,
  { logits }: EvaluateOptions,
): Promise<SampleLoss | null> {
  const tokens = readTokensFile(path, text.shape.vocabulary);
  if (logits !== undefined) {
    writeWhole(resolve(host.cwd, logits), await logitsOfText(text, tokens));
  }
  return tokens.length < 2 ? null : lossOfText(text, tokens);
}

/** A single token has nothing before it, so it has no loss. */
function report({ host, json }: CommandContext, loss: SampleLoss | null): void {
  const bits = loss === null ? null : bitsPerToken(loss);
  const facts = {
    tokens: loss?.tokens ?? 0,
    bitsPerToken: bits,
    perplexity: bits === null ? null : Math.round(2 ** bits * 1e4) / 1e4,
  };
  if (json) {
    const lossQ16 = loss === null ? null : loss.loss.toString();
    host.stdout.write(`${JSON.stringify({ ...facts, lossQ16 })}\n`);
    return;
  }
  writeRows(host, [
    ["tokens", facts.tokens],
    ["loss", bits === null ? "none" : `${bits.toFixed(4)} bits per token`],
    ["perplexity", facts.perplexity ?? "none"],
  ]);
}
