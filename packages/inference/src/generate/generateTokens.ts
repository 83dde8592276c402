/** Continues a text, one token after the other, until it ends. It neither reads a clock nor knows what a token means. */
import type { CachedText, Decoder } from "../decode/createDecoder.ts";
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

export interface ChosenToken {
  readonly token: number;
  /** Of every token that could have stood in its place, log2 units, Q16. */
  readonly scores: Int32Array;
}

export interface GenerateDeps {
  readonly decoder: Pick<Decoder, "context" | "extend">;
  /** The first tokens of the prompt that are computed already; not all of them. */
  readonly text: CachedText;
}

/**
 * Yields each token as soon as it is chosen, and null after each piece of the prompt, where it may be ended too. Returns why the
 * text ended.
 */
export async function* generateTokens(
  options: GenerateOptions,
  { decoder, text }: GenerateDeps,
): AsyncGenerator<ChosenToken | null, Ending, void> {
  const { prompt, tokensMax } = options;
  let next = prompt.slice(text.tokens.length);
  let length = prompt.length;
  for (let count = 0; count < tokensMax; count += 1) {
    if (count > 0 && length > decoder.context) return "context";
    let { taken, scores } = await decoder.extend(text, next);
    while (taken < next.length) {
      yield null;
      next = next.slice(taken);
      ({ taken, scores } = await decoder.extend(text, next));
    }
    const token = sampleToken(scores, options.sampling, length);
    if (token === options.endOfText) return "end-of-text";
    length += 1;
    next = [token];
    yield { token, scores };
  }
  return "tokens-max";
}
