/** When the tokens of an answer came. */
export interface AnswerTimes {
  /** From the request to the first token. */
  readonly firstMs: number;
  /** For each token after it. */
  readonly tokenMs: number;
}

/** @param arrivedMs when something of it came, one or more of its tokens at a time */
export function answerTimes(
  beganMs: number,
  arrivedMs: readonly number[],
  tokens: number,
): AnswerTimes {
  const [first, last] = [arrivedMs[0]!, arrivedMs.at(-1)!];
  return { firstMs: first - beganMs, tokenMs: (last - first) / (tokens - 1) };
}
