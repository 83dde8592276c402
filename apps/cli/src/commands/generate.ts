/** `r3mes generate`: continues a text, streaming. */
import {
  type ChosenToken,
  copyFactors,
  createDecoder,
  type Ending,
  generateTokens,
  rememberWeights,
} from "@r3mes/inference";
import type { Model, ModelManifest } from "@r3mes/models";
import { openModelFolder } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service/command";
import { type BackendOptions, chooseBackend } from "../backends/chooseBackend.ts";
import type { CommandContext } from "../commandContext.ts";
import { createProgress } from "../createProgress.ts";
import { type ExitCode, exitCodes } from "../exitCodes.ts";
import { findModelFolder } from "../models/findModelFolder.ts";
import { readCount, readDecimal } from "../readNumber.ts";

export type GenerateOptions = BackendOptions & {
  readonly model: string;
  readonly adapter?: string;
  readonly prompt: string;
  readonly maxTokens: string;
  readonly temperature: string;
  readonly topP: string;
  readonly seed: string;
};

export async function generate(
  context: CommandContext,
  options: GenerateOptions,
): Promise<ExitCode> {
  const { host, json } = context;
  const tokensMax = readCount("--max-tokens", options.maxTokens, { min: 1, max: 4096 });
  const sampling = samplingOf(options);
  const backend = await chooseBackend(options, createProgress(host, json, systemClock).keep);
  const model = await openModelFolder(findModelFolder(options.model, context));
  try {
    const { manifest, tokenizer } = model;
    if (tokenizer === undefined || manifest.tokenizer === undefined) {
      throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: manifest.name });
    }
    const adapter =
      options.adapter === undefined
        ? undefined
        : await readAdapter(options.adapter, context, manifest);
    const { endOfText } = manifest.tokenizer;
    // Texts of the training data begin behind this token too.
    const prompt = [endOfText, ...tokenizer.encode(options.prompt)];
    const decoder = createDecoder(
      { shape: manifest.architecture, adapter: adapter?.shape ?? null },
      { backend, weights: weightsOf(model) },
    );
    const copies =
      adapter === undefined
        ? null
        : await copyFactors(
            { shape: manifest.architecture, adapter: adapter.shape },
            adapter.tensors,
            backend,
          );
    const text = tokenizer.stream();
    const answer = await follow(
      generateTokens(
        { prompt, tokensMax, sampling, endOfText },
        { decoder, text: decoder.open(copies) },
      ),
      (token) => {
        const piece = text.push(token);
        if (!json) host.stdout.write(piece);
      },
    );
    await decoder.close();
    if (json) {
      const { tokens, ending, firstTokenMs, tokensPerSecond } = answer;
      const report = {
        text: tokenizer.decode(tokens),
        tokens,
        ending,
        firstTokenMs,
        tokensPerSecond,
      };
      host.stdout.write(`${JSON.stringify(report)}\n`);
    } else host.stdout.write(`${text.end()}\n`);
    return exitCodes.ok;
  } finally {
    await model.close();
  }
}

/** Its reader knows what training knows, which whoever asks the model alone need not load. */
async function readAdapter(name: string, context: CommandContext, manifest: ModelManifest) {
  const { findAdapterFolder, readAdapterFolder } = await import("../adapters/adapterFolder.ts");
  return readAdapterFolder(findAdapterFolder(name, context), manifest);
}

/** Two programs share the weights of a small model; those of a large one are read for each. */
const rememberedBytesMax = 256 << 20;

function weightsOf(model: Model) {
  const modelBytes = model.manifest.backbone.bytes;
  return rememberWeights(model.weight, { modelBytes, bytesMax: rememberedBytesMax });
}

function samplingOf(options: GenerateOptions) {
  const seed = readCount("--seed", options.seed, { min: 0, max: Number.MAX_SAFE_INTEGER });
  return {
    temperature: readDecimal("--temperature", options.temperature, 3, { min: 0, max: 10_000 }),
    topP: readDecimal("--top-p", options.topP, 6, { min: 1, max: 1_000_000 }),
    seed: { low: seed % 2 ** 32, high: Math.floor(seed / 2 ** 32) },
  };
}

/** Hands on every token while it comes, and measures. */
async function follow(
  answer: AsyncGenerator<ChosenToken | null, Ending, void>,
  onToken: (token: number) => void,
) {
  const beganMs = systemClock.monotonicMs();
  const tokens: number[] = [];
  let firstTokenMs: number | null = null;
  for (;;) {
    const { value, done } = await answer.next();
    const ms = systemClock.monotonicMs() - beganMs;
    if (done) {
      const tokensPerSecond = Math.round((tokens.length * 1e5) / ms) / 100;
      return { tokens, ending: value, firstTokenMs, tokensPerSecond };
    }
    if (value === null) continue;
    firstTokenMs ??= Math.round(ms);
    tokens.push(value.token);
    onToken(value.token);
  }
}
