/**
 * Answers one request: tokens become text that never splits a character, and the text ends at a stop sequence. Every value says what
 * one step gave.
 */
import type { TextStream } from "@r3mes/models";
import {
  type Ending,
  type GenerateDeps,
  type GenerateOptions,
  generateTokens,
} from "../generate/generateTokens.ts";
import { logProbabilities, type TokenLogProbability } from "../generate/logProbabilities.ts";
import { createStopFilter } from "./createStopFilter.ts";

export interface AnswerOptions extends GenerateOptions {
  /** The text ends before the first of these; none is empty. */
  readonly stop: readonly string[];
  /** How many of the likeliest tokens are told at every place; absent if no probabilities are. */
  readonly likeliest?: number;
}

export interface AnswerDeps extends GenerateDeps {
  readonly stream: TextStream;
}

/** What one token adds; the text may be empty while a character or a stop sequence is unfinished. */
export interface AnswerPiece {
  readonly text: string;
  /** Absent in the last piece, which holds text that was held back. */
  readonly token?: number;
  readonly chosen?: TokenLogProbability;
  readonly top?: readonly TokenLogProbability[];
}

export type AnswerEnding = Ending | "stop";

export interface AnswerEnd {
  readonly ending: AnswerEnding;
  /** Every token that was chosen, those of a stop sequence included. */
  readonly tokens: readonly number[];
}

/** Yields null after a step that gave no token. */
export async function* answer(
  options: AnswerOptions,
  deps: AnswerDeps,
): AsyncGenerator<AnswerPiece | null, AnswerEnd, void> {
  const filter = createStopFilter(options.stop);
  const chosen = generateTokens(options, deps);
  const tokens: number[] = [];
  for (;;) {
    const { value, done } = await chosen.next();
    if (done) {
      const { text, stopped } = filter.push(deps.stream.end());
      yield { text: stopped ? text : text + filter.end() };
      return { ending: stopped ? "stop" : value, tokens };
    }
    if (value === null) {
      yield null;
      continue;
    }
    const { token, scores } = value;
    tokens.push(token);
    const { text, stopped } = filter.push(deps.stream.push(token));
    const { likeliest } = options;
    yield likeliest === undefined
      ? { text, token }
      : { text, token, ...logProbabilities(scores, token, likeliest) };
    if (stopped) return { ending: "stop", tokens };
  }
}
