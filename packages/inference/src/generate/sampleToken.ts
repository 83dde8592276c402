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
const shareOne = 1_000_000n;

/**
 * @param scores one for each token of the vocabulary, log2 units, Q16
 * @param position of the token that is chosen, in the whole text: it decides the noise
 */
export function sampleToken(scores: Int32Array, sampling: Sampling, position: number): number {
  assert(scores.length > 0, "there is a token to choose");
  const { temperature } = sampling;
  if (temperature === 0) return likeliest(scores);
  const weights = weightsOf(scores, temperature);
  const candidates = kept(scores, weights, sampling.topP);
  const total = candidates.reduce((sum, token) => sum + weights[token]!, 0);
  let left = drawBelow(total, sampling.seed, position);
  for (const token of candidates) {
    left -= weights[token]!;
    if (left < 0) return token;
  }
  throw new RangeError("the draw lies below the total");
}

/** The token of the greatest score; of equal ones, the smallest number. */
function likeliest(scores: Int32Array): number {
  let best = 0;
  for (let token = 1; token < scores.length; token += 1) {
    if (scores[token]! > scores[best]!) best = token;
  }
  return best;
}

/**
 * 2^((score - max) / temperature) in Q30, 0 beyond 30 halvings. Their sum is exact: at most 2^18 weights of at most 2^30.
 */
function weightsOf(scores: Int32Array, temperature: number): Float64Array {
  const max = scores[likeliest(scores)]!;
  const weights = new Float64Array(scores.length);
  for (const [token, score] of scores.entries()) {
    const distance = divideFloor((max - score) * temperatureOne, temperature);
    weights[token] = distance > 0xffff_ffff ? 0 : exp2n(distance);
  }
  return weights;
}

/** Exact for whole numbers below 2^53: the quotient of two floats may be rounded up to the next integer, never further. */
function divideFloor(dividend: number, divisor: number): number {
  const quotient = Math.floor(dividend / divisor);
  return quotient * divisor > dividend ? quotient - 1 : quotient;
}

/**
 * The fewest tokens, by falling score and rising number, whose weights reach the share `topP` of the total. Never none: the first
 * has weight 2^30.
 */
function kept(scores: Int32Array, weights: Float64Array, topP: number): number[] {
  const tokens = byFallingScore(scores, weights);
  const total = tokens.reduce((sum, token) => sum + weights[token]!, 0);
  const wanted = Number((BigInt(total) * BigInt(topP) + shareOne - 1n) / shareOne);
  let reached = 0;
  const count = tokens.findIndex((token) => {
    reached += weights[token]!;
    return reached >= wanted;
  });
  return tokens.slice(0, count + 1);
}

/** No vocabulary is larger: 18 bits beside the 32 of a score are exact in a float. */
const vocabularyMax = 2 ** 18;

/** The tokens that have a weight, by falling score and rising number: sorted as numbers that hold both. */
function byFallingScore(scores: Int32Array, weights: Float64Array): number[] {
  const keys: number[] = [];
  for (const [token, weight] of weights.entries()) {
    if (weight > 0) keys.push(token - scores[token]! * vocabularyMax);
  }
  const sorted = Float64Array.from(keys).sort();
  return Array.from(sorted, (key) => key - Math.floor(key / vocabularyMax) * vocabularyMax);
}

/** A number below `bound` out of 64 bits of noise: the product's upper half. A bias is below bound / 2^64. */
function drawBelow(bound: number, seed: NoiseSeed, position: number): number {
  const word = (column: number) =>
    BigInt(noise(seed.low, seed.high, SITE.sampling, position, column));
  const bits = (word(1) << 32n) | word(0);
  return Number((bits * BigInt(bound)) >> 64n);
}
