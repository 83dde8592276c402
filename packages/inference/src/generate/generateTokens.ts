/** Continues a text, one token after the other, until it ends. It neither reads a clock nor knows what a token means. */
import type { PrefixScorer } from "./createPrefixScorer.ts";
import { type Sampling, sampleToken } from "./sampleToken.ts";

export interface GenerateOptions {
  /** What is continued; at least one token. */
  readonly prompt: readonly number[];
  readonly tokensMax: number;
  readonly sampling: Sampling;
  /** The token that ends a text; it is not given out. */
  readonly endOfText?: number;
}

/** Why a text ended: the model ended it, as many tokens as were asked for, or no room is left. */
export type Ending = "end-of-text" | "tokens-max" | "context";

/** Yields each token as soon as it is chosen and returns why the text ended. */
export async function* generateTokens(
  options: GenerateOptions,
  scorer: Pick<PrefixScorer, "next" | "context">,
): AsyncGenerator<number, Ending, void> {
  const text = [...options.prompt];
  for (let count = 0; count < options.tokensMax; count += 1) {
    if (count > 0 && text.length > scorer.context) return "context";
    const token = sampleToken(await scorer.next(text), options.sampling, text.length);
    if (token === options.endOfText) return "end-of-text";
    text.push(token);
    yield token;
  }
  return "tokens-max";
}
