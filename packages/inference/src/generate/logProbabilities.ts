/**
 * How likely tokens were, as people read it: natural logarithms. They are shown, never hashed and never used to choose, so they may
 * be floating-point numbers.
 */
export interface TokenLogProbability {
  readonly token: number;
  readonly logProbability: number;
}

/** Scores are log2 units in Q16. */
const bit = 65536;

/**
 * Of one token, and of the likeliest.
 *
 * @param scores one for each token of the vocabulary, log2 units, Q16
 */
export function logProbabilities(
  scores: Int32Array,
  token: number,
  likeliest: number,
): { readonly chosen: TokenLogProbability; readonly top: readonly TokenLogProbability[] } {
  const max = scores.reduce((greatest, score) => Math.max(greatest, score), -(2 ** 31));
  const sum = scores.reduce((total, score) => total + 2 ** ((score - max) / bit), 0);
  const of = (id: number): TokenLogProbability => ({
    token: id,
    logProbability: ((scores[id]! - max) / bit) * Math.LN2 - Math.log(sum),
  });
  return { chosen: of(token), top: likeliestTokens(scores, likeliest).map(of) };
}

/** By falling score, then rising number. One pass: the vocabulary is large and the list short. */
function likeliestTokens(scores: Int32Array, count: number): number[] {
  const top: number[] = [];
  for (const [token, score] of scores.entries()) {
    if (top.length === count && (count === 0 || score <= scores[top.at(-1)!]!)) continue;
    const place = top.findIndex((other) => scores[other]! < score);
    top.splice(place < 0 ? top.length : place, 0, token);
    if (top.length > count) top.pop();
  }
  return top;
}
