/** `r3mes generate`: continues a text, streaming. */
import { createPrefixScorer, type Ending, generateTokens } from "@r3mes/inference";
import { openModelFolder } from "@r3mes/models/node";
import { R3mesError } from "@r3mes/protocol";
import { systemClock } from "@r3mes/service";
import { findAdapterFolder, readAdapterFolder } from "../adapters/adapterFolder.ts";
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
  const backend = chooseBackend(options, createProgress(host, json, systemClock).keep);
  const model = await openModelFolder(findModelFolder(options.model, context));
  try {
    const { manifest, tokenizer } = model;
    if (tokenizer === undefined || manifest.tokenizer === undefined) {
      throw new R3mesError({ code: "MODEL_WITHOUT_TOKENIZER", model: manifest.name });
    }
    const adapter =
      options.adapter === undefined
        ? undefined
        : readAdapterFolder(findAdapterFolder(options.adapter, context), manifest);
    const { endOfText } = manifest.tokenizer;
    // Texts of the training data begin behind this token too.
    const prompt = [endOfText, ...tokenizer.encode(options.prompt)];
    const scorer = createPrefixScorer(
      { shape: manifest.architecture, ...(adapter === undefined ? {} : { adapter }) },
      { backend, weights: (name) => model.weight(name) },
    );
    const text = tokenizer.stream();
    const answer = await follow(
      generateTokens({ prompt, tokensMax, sampling, endOfText }, scorer),
      (token) => {
        const piece = text.push(token);
        if (!json) host.stdout.write(piece);
      },
    );
    await scorer.close();
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
  answer: AsyncGenerator<number, Ending, void>,
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
    firstTokenMs ??= Math.round(ms);
    tokens.push(value);
    onToken(value);
  }
}
