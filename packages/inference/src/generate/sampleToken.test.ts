import { readFileSync } from "node:fs";
import { exp2n, SITE } from "@r3mes/engine";
import { noise } from "@r3mes/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GREEDY, type Sampling, sampleToken } from "./sampleToken.ts";

const bit = 65536;
const plain: Sampling = { temperature: 1000, topP: 1_000_000, seed: { low: 7, high: 9 } };

/** How often each token comes out of so many positions. */
function tally(scores: Int32Array, sampling: Sampling, draws = 20_000): number[] {
  const counts = new Array<number>(scores.length).fill(0);
  for (let position = 0; position < draws; position += 1) {
    const token = sampleToken(scores, sampling, position);
    counts[token] = counts[token]! + 1;
  }
  return counts;
}

test("greedy takes the greatest score, and of equal ones the smallest token", () => {
  expect(sampleToken(Int32Array.of(-5, 3, 3, 2), GREEDY, 0)).toBe(1);
  expect(sampleToken(Int32Array.of(-5), GREEDY, 0)).toBe(0);
});

test("tokens come out as often as their probabilities say", () => {
  // One bit less is half as likely: 4/7, 2/7, 1/7.
  const counts = tally(Int32Array.of(0, -bit, -2 * bit), plain);
  expect(counts[0]! / 20_000).toBeCloseTo(4 / 7, 1);
  expect(counts[1]! / 20_000).toBeCloseTo(2 / 7, 1);
  expect(counts[2]! / 20_000).toBeCloseTo(1 / 7, 1);
});

test("a higher temperature evens the odds, a lower one sharpens them", () => {
  const scores = Int32Array.of(0, -2 * bit);
  // At temperature 2 the distance is one bit (2/3), at 0.5 it is four (16/17).
  expect(tally(scores, { ...plain, temperature: 2000 })[0]! / 20_000).toBeCloseTo(2 / 3, 1);
  expect(tally(scores, { ...plain, temperature: 500 })[0]! / 20_000).toBeCloseTo(16 / 17, 1);
});

describe("top-p", () => {
  // Shares 4/8, 2/8, 1/8, 1/8: the last two are equal.
  const scores = Int32Array.of(-2 * bit, 0, -bit, -2 * bit);

  test.each([
    [1, [1]],
    [500_000, [1]],
    [500_001, [1, 2]],
    [750_000, [1, 2]],
    [875_000, [0, 1, 2]],
    [1_000_000, [0, 1, 2, 3]],
  ])("%d millionths keep the tokens %j", (topP, kept) => {
    const counts = tally(scores, { ...plain, topP }, 2_000);
    expect([...counts.keys()].filter((token) => counts[token]! > 0)).toEqual(kept);
  });
});

test("extreme scores neither overflow nor stop the draw", () => {
  const scores = Int32Array.of(2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 1);
  const counts = tally(scores, { ...plain, temperature: 10_000 }, 1_000);
  expect(counts[1]).toBe(0);
  expect(Math.min(counts[0]!, counts[2]!)).toBeGreaterThan(400);
  expect(sampleToken(scores, { ...plain, temperature: 1 }, 3)).not.toBe(1);
});

test("the draw depends on seed and position alone", () => {
  const scores = Int32Array.from({ length: 50 }, (_, i) => -i * 1000);
  const draw = (low: number) =>
    Array.from({ length: 16 }, (_, i) =>
      sampleToken(scores, { ...plain, seed: { low, high: 0 } }, i),
    );
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(new Set(draw(1)).size).toBeGreaterThan(8);
  expect(draw(1)).toMatchInlineSnapshot(`
    [
      8,
      44,
      35,
      5,
      49,
      47,
      34,
      5,
      4,
      42,
      28,
      40,
      14,
      29,
      33,
      45,
    ]
  `);
});

/** The choice as spec/inference.md has it, every token weighed and put in order. */
function drawPlainly(scores: Int32Array, sampling: Sampling, position: number): number {
  const max = scores.reduce((most, score) => Math.max(most, score));
  const weights = [...scores].map((score) => {
    const distance = Math.floor(((max - score) * 1000) / sampling.temperature);
    return distance >= 2 ** 32 ? 0n : BigInt(exp2n(distance));
  });
  const order = [...scores.keys()]
    .filter((token) => weights[token]! > 0n)
    .sort((a, b) => scores[b]! - scores[a]! || a - b);
  const total = order.reduce((sum, token) => sum + weights[token]!, 0n);
  let kept = 0n;
  for (const token of order) {
    if (kept * 1_000_000n >= BigInt(sampling.topP) * total) break;
    kept += weights[token]!;
  }
  const { low, high } = sampling.seed;
  const word = (at: number) => BigInt(noise(low, high, SITE.sampling, position, at));
  const limit = (((word(1) << 32n) | word(0)) * kept) >> 64n;
  let sum = 0n;
  return order.find((token) => {
    sum += weights[token]!;
    return sum > limit;
  })!;
}

/** Scores of which few are likely, as a model gives them, or many alike. */
const manyScores = fc
  .record({
    count: fc.integer({ min: 1, max: 400 }),
    bits: fc.integer({ min: 1, max: 60 }),
    seed: fc.nat(),
    power: fc.integer({ min: 1, max: 3 }),
  })
  .map(({ count, bits, seed, power }) =>
    Int32Array.from({ length: count }, (_, i) =>
      Math.floor(-bits * bit * (noise(seed, 0, SITE.sampling, i, 0) / 2 ** 32) ** power),
    ),
  );

test("bounding what is unlikely gives the token that weighing everything gives", () => {
  fc.assert(
    fc.property(
      manyScores,
      fc.integer({ min: 1, max: 10_000 }),
      fc.oneof(fc.constant(1_000_000), fc.integer({ min: 1, max: 1_000_000 })),
      fc.nat(),
      (scores, temperature, topP, low) => {
        const sampling = { temperature, topP, seed: { low, high: 1 } };
        const positions = [...Array(20).keys()];
        expect(positions.map((at) => sampleToken(scores, sampling, at))).toEqual(
          positions.map((at) => drawPlainly(scores, sampling, at)),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test.each([1_000_000, 999_000, 997_000])(
  "tokens that are bounded first come out where only they are left: top-p %d",
  (topP) => {
    // 2,000 tokens 18.5 halvings below the likeliest weigh a 200th of it together.
    const scores = new Int32Array(2_001).fill(-18.5 * bit);
    scores[700] = 0;
    const sampling = { ...plain, topP };
    const positions = [...Array(400).keys()];
    const drawn = positions.map((at) => sampleToken(scores, sampling, at));
    expect(drawn).toEqual(positions.map((at) => drawPlainly(scores, sampling, at)));
    expect(new Set(drawn).size).toBeGreaterThan(2);
  },
);

interface Vectors {
  readonly cases: readonly (Sampling & {
    readonly name: string;
    readonly scores: readonly number[];
    readonly positions: readonly number[];
    readonly tokens: readonly number[];
  })[];
}

const vectors: Vectors = JSON.parse(
  readFileSync(
    new URL("../../../../spec/vectors/inference/sampling.json", import.meta.url),
    "utf8",
  ),
);

test.each(vectors.cases)("vector: $name", ({ scores, positions, tokens, ...sampling }) => {
  const drawn = positions.map((at) => sampleToken(Int32Array.from(scores), sampling, at));
  expect(drawn).toEqual(tokens);
});
