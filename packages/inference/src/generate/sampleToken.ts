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
 * Tokens far below the likeliest are many and weigh almost nothing: they are bounded first, and weighed only where that leaves the
 * choice open.
 *
 * @param scores one for each token of the vocabulary, log2 units, Q16
 * @param position of the token that is chosen, in the whole text: it decides the noise
 */
export function sampleToken(scores: Int32Array, sampling: Sampling, position: number): number {
  assert(scores.length > 0, "there is a token to choose");
  const { temperature } = sampling;
  const max = greatest(scores);
  if (temperature === 0) return scores.indexOf(max);
  const near = nearHalvings + 32 - Math.clz32(scores.length);
  return (
    draw(weigh(scores, max, { temperature, halvings: near }), sampling, position) ??
    draw(weigh(scores, max, { temperature, halvings: halvingsMax }), sampling, position)!
  );
}

/**
 * The token; undefined if the total, of which two bounds are known, could be one that gives another. Everything here rises with it, so
 * that what both bounds give is right.
 */
function draw(field: Field, { topP, seed }: Sampling, position: number): number | undefined {
  let least = field.sum;
  let most = field.sum + field.rest;
  if (topP < shareOne) {
    const { sum } = reaching(field, shareOf(least, topP));
    if (shareOf(most, topP) > sum) return undefined;
    least = sum;
    most = sum;
  }
  const { token, sum } = reaching(field, 1 + drawBelow(least, seed, position));
  return 1 + drawBelow(most, seed, position) > sum ? undefined : token;
}

/** The least number that is so many millionths of the total. */
function shareOf(total: number, millionths: number): number {
  const one = BigInt(shareOne);
  return Number((BigInt(total) * BigInt(millionths) + one - 1n) / one);
}

function greatest(scores: Int32Array): number {
  let max = scores[0]!;
  for (let token = 1; token < scores.length; token += 1) max = Math.max(max, scores[token]!);
  return max;
}

/** Weights of the likeliest tokens by falling score, as far as a draw needs the order: in runs, of which one is sorted when it is looked into. */
interface Field {
  readonly scores: Int32Array;
  readonly temperature: number;
  readonly max: number;
  /** Those that are weighed, by rising number. */
  readonly tokens: Int32Array;
  /** Their weights by runs, a sixteenth of a halving wide. Exact: at most 2^18 weights of at most 2^30. */
  readonly runs: Float64Array;
  readonly sum: number;
  /** What all others weigh together, at most. */
  readonly rest: number;
}

const runBits = 12;
/** A weight is 0 beyond. */
const halvingsMax = 31;
/** Tokens that lie further below the likeliest, by as much again as there are of them, weigh 2^-7 of it together. */
const nearHalvings = 7;

/** Halvings of the weight of a token, Q16, that lies `gap` below the likeliest. Below 2^35 by at most 10^4: a quotient that is no
 * whole number is never rounded to one. */
const distanceOf = (gap: number, temperature: number) => ((gap * temperatureOne) / temperature) | 0;

/** The least gap of which the distance is at least this one. */
const gapOf = (distance: number, temperature: number) =>
  Math.ceil((distance * temperature) / temperatureOne);

/** Room for the numbers of tokens that one draw weighs, kept for the next. */
let room = new Int32Array(0);

/** Of each token within so many halvings of the likeliest 2^((score - max) / temperature) in Q30. */
function weigh(
  scores: Int32Array,
  max: number,
  { temperature, halvings }: { readonly temperature: number; readonly halvings: number },
): Field {
  const distanceMax = Math.min(halvings, halvingsMax) << 16;
  const tokens = tokensAbove(scores, max - gapOf(distanceMax, temperature));
  const runs = new Float64Array(distanceMax >> runBits);
  for (let i = 0; i < tokens.length; i += 1) {
    const distance = distanceOf(max - scores[tokens[i]!]!, temperature);
    const run = distance >> runBits;
    runs[run] = runs[run]! + exp2n(distance);
  }
  let sum = 0;
  for (let run = 0; run < runs.length; run += 1) sum += runs[run]!;
  const rest = (scores.length - tokens.length) * exp2n(distanceMax);
  return { scores, temperature, max, tokens, runs, sum, rest };
}

/** Without a branch for each, since no processor would guess them. */
function tokensAbove(scores: Int32Array, score: number): Int32Array {
  if (room.length < scores.length) room = new Int32Array(scores.length);
  let count = 0;
  for (let token = 0; token < scores.length; token += 1) {
    room[count] = token;
    count += Number(scores[token]! > score);
  }
  return room.subarray(0, count);
}

/**
 * By falling score, and of equal ones by rising number: the first token with which the weights reach a limit, and what they reach.
 * The limit is at most the sum of all.
 */
function reaching(
  { scores, temperature, max, tokens, runs }: Field,
  limit: number,
): { readonly token: number; readonly sum: number } {
  let sum = 0;
  let run = 0;
  for (; sum + runs[run]! < limit; run += 1) sum += runs[run]!;
  const highest = max - gapOf(run << runBits, temperature);
  const width = gapOf((run + 1) << runBits, temperature) - gapOf(run << runBits, temperature);
  const own = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i]!;
    // One comparison, which few tokens pass: what lies above the run becomes a large number.
    if ((highest - scores[token]!) >>> 0 < width) own.push(token);
  }
  own.sort((a, b) => scores[b]! - scores[a]! || a - b);
  for (const token of own) {
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
