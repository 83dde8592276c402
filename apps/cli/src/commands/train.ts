/** `r3mes train`: trains an adapter on this machine; the run goes on where it was stopped. */
import { join, resolve } from "node:path";
import { openModelFolder } from "@r3mes/models/node";
import { systemClock } from "@r3mes/service/command";
import { adaptersFolder, removeAdapter } from "../adapters/adapterFolder.ts";
import { type BackendOptions, chooseBackend } from "../backends/chooseBackend.ts";
import type { CommandContext } from "../commandContext.ts";
import { openLocalDataset } from "../datasets/localDataset.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { fillFolder } from "../fillFolder.ts";
import { findModelFolder } from "../models/findModelFolder.ts";
import { readCount, readCountIfGiven } from "../readNumber.ts";
import { lengthDefault, lengthRange, sequencesRange } from "../training/batchLimits.ts";
import { removeParts, removeRun } from "../training/checkpointFile.ts";
import { createTrainView } from "../training/createTrainView.ts";
import { createLocalRun, type RunSettings } from "../training/localRun.ts";
import { trainLocally } from "../training/trainLocally.ts";

export type TrainOptions = BackendOptions & {
  readonly model: string;
  readonly dataset: string;
  readonly steps: string;
  readonly rank: string;
  readonly optimizer: "adam" | "lion";
  readonly rate: string;
  readonly warmUp: string;
  readonly sequences: string;
  readonly length?: string;
  readonly seed: string;
  readonly saveEvery: string;
  readonly out?: string;
  readonly fresh?: boolean;
};

/** alpha / rank of every adapter. */
const alphaPerRank = 2;

export async function train(context: CommandContext, options: TrainOptions): Promise<ExitCode> {
  const numbers = readNumbers(options);
  const out = options.out === undefined ? undefined : resolve(context.host.cwd, options.out);
  const run = () => openAndTrain(context, options, numbers, out);
  // A bad place is told before a model is opened; the usual one has the names of model and dataset.
  await (out === undefined ? run() : fillFolder(out, run));
  return exitCodes.ok;
}

async function openAndTrain(
  context: CommandContext,
  options: TrainOptions,
  { saveEvery, ...numbers }: Numbers,
  out: string | undefined,
): Promise<void> {
  const view = createTrainView(context.host, context.json, systemClock);
  const backend = await chooseBackend(options, view.note);
  const modelFolder = findModelFolder(options.model, context);
  const model = await openModelFolder(modelFolder);
  const removers: (() => void)[] = [];
  try {
    const { manifest } = model;
    view.busy(`opening ${options.dataset}`);
    const named = { folder: modelFolder, manifest };
    const dataset = await openLocalDataset(options.dataset, named, context);
    const settings: RunSettings = {
      ...numbers,
      model: manifest.backbone.root,
      dataset: dataset.manifest.root,
      alpha: alphaPerRank * numbers.rank,
      optimizer: options.optimizer,
      length: numbers.length ?? Math.min(lengthDefault, manifest.architecture.context),
    };
    const part = {
      dataset: dataset.manifest.name,
      split: "train",
      tokens: dataset.tokens("train"),
    };
    const run = createLocalRun(settings, manifest.architecture, part);
    const usual = join(adaptersFolder(context.home), `${manifest.name}-${dataset.name}`);
    const folder = out ?? usual;
    const interrupt = new AbortController();
    removers.push(onSignals(() => interrupt.abort()));
    const { signal: interrupted } = interrupt;
    const deps = { backend, weights: model.weight, dataset, view, clock: systemClock, interrupted };
    const fill = () => {
      removeOld(folder, options.fresh === true);
      return trainLocally({ run, folder, saveEvery }, deps);
    };
    await (out === undefined ? fillFolder(folder, fill) : fill());
  } finally {
    for (const remove of removers) remove();
    await model.close();
  }
}

type Numbers = ReturnType<typeof readNumbers>;

function readNumbers(options: TrainOptions) {
  return {
    steps: readCount("--steps", options.steps, { min: 1, max: 1_000_000 }),
    rank: Number(options.rank),
    rate: readCount("--rate", options.rate, { min: 1, max: 2 ** 19 }),
    warmUp: readCount("--warm-up", options.warmUp, { min: 0, max: 1_000_000 }),
    sequences: readCount("--sequences", options.sequences, sequencesRange),
    length: readCountIfGiven("--length", options.length, lengthRange),
    saveEvery: readCount("--save-every", options.saveEvery, { min: 1, max: 1_000_000 }),
    seed: readCount("--seed", options.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }),
  };
}

function removeOld(folder: string, fresh: boolean): void {
  if (fresh) {
    removeRun(folder);
    removeAdapter(folder);
  } else removeParts(folder);
}

/** Calls back at the first signal that asks this process to end. Returns what takes the listeners away. */
function onSignals(listener: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}
