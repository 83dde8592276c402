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
  let best = 0;
  for (let token = 1; token < scores.length; token += 1) {
    if (scores[token]! > scores[best]!) best = token;
  }
  return best;
}

/** Tokens by falling score, as far as a draw needs the order: runs of tokens, and each run is sorted when it is looked into. */
interface Field {
  readonly scores: Int32Array;
  /** 2^((score - max) / temperature) in Q30 of each token in a run; of the others, whatever an earlier draw left. */
  readonly weights: Float64Array;
  /** The run of each token, a sixteenth of a halving wide; -1 beyond 30 halvings, where a weight would be 0. */
  readonly runs: Int16Array;
  /** Weights of each run. Exact: at most 2^18 weights of at most 2^30. */
  readonly sums: Float64Array;
}

const runBits = 12;
const distanceMax = 31 << 16;
const runsMax = distanceMax >> runBits;

/** What the last draw worked in: a draw neither yields nor keeps it, and the next one needs as much. */
let room = { weights: new Float64Array(0), runs: new Int16Array(0) };

function weigh(scores: Int32Array, temperature: number): Field {
  if (room.runs.length !== scores.length) {
    room = { weights: new Float64Array(scores.length), runs: new Int16Array(scores.length) };
  }
  const { weights, runs } = room;
  const max = scores[likeliest(scores)]!;
  const sums = new Float64Array(runsMax);
  const gapMax = Math.ceil((distanceMax * temperature) / temperatureOne);
  for (let token = 0; token < scores.length; token += 1) {
    const gap = max - scores[token]!;
    if (gap >= gapMax) {
      runs[token] = -1;
      continue;
    }
    // Below 2^35 by at most 10^4: a quotient that is no whole number is never rounded to one.
    const distance = ((gap * temperatureOne) / temperature) | 0;
    const run = distance >> runBits;
    const weight = exp2n(distance);
    runs[token] = run;
    weights[token] = weight;
    sums[run] = sums[run]! + weight;
  }
  return { scores, weights, runs, sums };
}

/**
 * By falling score, and of equal ones by rising number: the first token with which the weights reach a limit, and what they reach.
 * The limit is at most the sum of all.
 */
function reaching(
  { scores, weights, runs, sums }: Field,
  limit: number,
): { readonly token: number; readonly sum: number } {
  let sum = 0;
  let run = 0;
  for (; sum + sums[run]! < limit; run += 1) sum += sums[run]!;
  const tokens: number[] = [];
  for (let token = 0; token < runs.length; token += 1) if (runs[token] === run) tokens.push(token);
  tokens.sort((a, b) => scores[b]! - scores[a]! || a - b);
  for (const token of tokens) {
    sum += weights[token]!;
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
