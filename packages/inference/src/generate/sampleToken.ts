/**
 * Which token comes next: greedy, or drawn by its probability. Everything is an integer and every tie has an order, so that one
 * request gives the same tokens on every device. Source: spec/inference.md.
 */
import { exp2n, SITE } from "@r3mes/engine";
import { assert, type NoiseSeed, noise } from "@r3mes/protocol";

export interface Sampling {
  /** In thousandths, 0 to 10,000: scores are divided by it. 0 is greedy. */
  readonly temperature: number;
  /** In millionths, 1 to 1,000,000: tokens are drawn from the likeliest that together reach this share. */
  readonly topP: number;
  readonly seed: NoiseSeed;
}

export const GREEDY: Sampling = { temperature: 0, topP: 1_000_000, seed: { low: 0, high: 0 } };

const temperatureOne = 1_000;
const shareOne = 1_000_000;

/**
 * @param scores one for each token of the vocabulary, log2 units, Q16
 * @param position of the token that is chosen, in the whole text: it decides the noise
 */
export function sampleToken(scores: Int32Array, sampling: Sampling, position: number): number {
  assert(scores.length > 0, "there is a token to choose");
  const { temperature } = sampling;
  if (temperature === 0) return likeliest(scores);
  const field = weigh(scores, temperature);
  const total = field.sums.reduce((sum, weight) => sum + weight, 0);
  const kept =
    sampling.topP === shareOne ? total : reaching(field, shareOf(total, sampling.topP)).sum;
  return reaching(field, 1 + drawBelow(kept, sampling.seed, position)).token;
}

/** The least number that is so many millionths of the total. */
function shareOf(total: number, millionths: number): number {
  const one = BigInt(shareOne);
  return Number((BigInt(total) * BigInt(millionths) + one - 1n) / one);
}

/** The token of the greatest score; of equal ones, the smallest number. */
function likeliest(scores: Int32Array): number {
  let max = scores[0]!;
  for (let token = 1; token < scores.length; token += 1) max = Math.max(max, scores[token]!);
  return scores.indexOf(max);
}

/** Weights of tokens by falling score, as far as a draw needs the order: in runs, each of which is sorted when it is looked into. */
interface Field {
  readonly scores: Int32Array;
  readonly temperature: number;
  readonly max: number;
  /** Weights of each run, a sixteenth of a halving wide. Exact: at most 2^18 weights of at most 2^30. */
  readonly sums: Float64Array;
}

const runBits = 12;
const distanceMax = 31 << 16;
const runsMax = distanceMax >> runBits;

/** Halvings of the weight of a token, Q16, that lies `gap` below the likeliest. Below 2^35 by at most 10^4: a quotient that is no
 * whole number is never rounded to one. */
const distanceOf = (gap: number, temperature: number) => ((gap * temperatureOne) / temperature) | 0;

/** The least gap of which the distance is at least this one. */
const gapOf = (distance: number, temperature: number) =>
  Math.ceil((distance * temperature) / temperatureOne);

/** Of each token 2^((score - max) / temperature) in Q30; beyond 30 halvings that is 0. */
function weigh(scores: Int32Array, temperature: number): Field {
  const max = scores[likeliest(scores)]!;
  const sums = new Float64Array(runsMax);
  const gapMax = gapOf(distanceMax, temperature);
  for (let token = 0; token < scores.length; token += 1) {
    const gap = max - scores[token]!;
    if (gap >= gapMax) continue;
    const distance = distanceOf(gap, temperature);
    const run = distance >> runBits;
    sums[run] = sums[run]! + exp2n(distance);
  }
  return { scores, temperature, max, sums };
}

/**
 * By falling score, and of equal ones by rising number: the first token with which the weights reach a limit, and what they reach.
 * The limit is at most the sum of all.
 */
function reaching(
  { scores, temperature, max, sums }: Field,
  limit: number,
): { readonly token: number; readonly sum: number } {
  let sum = 0;
  let run = 0;
  for (; sum + sums[run]! < limit; run += 1) sum += sums[run]!;
  const highest = max - gapOf(run << runBits, temperature);
  const width = gapOf((run + 1) << runBits, temperature) - gapOf(run << runBits, temperature);
  const tokens: number[] = [];
  for (let token = 0; token < scores.length; token += 1) {
    // One comparison, which few tokens pass: what lies above the run becomes a large number.
    if ((highest - scores[token]!) >>> 0 < width) tokens.push(token);
  }
  tokens.sort((a, b) => scores[b]! - scores[a]! || a - b);
  for (const token of tokens) {
    sum += exp2n(distanceOf(max - scores[token]!, temperature));
    if (sum >= limit) return { token, sum };
  }
  throw new RangeError("the limit lies within the sum");
}

/** A number below `bound` out of 64 bits of noise: the product's upper half. A bias is below bound / 2^64. */
function drawBelow(bound: number, seed: NoiseSeed, position: number): number {
  const word = (column: number) =>
    BigInt(noise(seed.low, seed.high, SITE.sampling, position, column));
  const bits = (word(1) << 32n) | word(0);
  return Number((bits * BigInt(bound)) >> 64n);
}
