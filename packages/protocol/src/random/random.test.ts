import fc from "fast-check";
import { expect, test } from "vitest";
import { fromHex } from "../encoding/fromHex.ts";
import { readVectors, refusalOf } from "../testing/readVectors.ts";
import { auditedOperations, auditedStep, auditReplays, auditVerifiers } from "./auditDraws.ts";
import { noise, noiseSeed } from "./noise.ts";
import { draw, shuffled } from "./shuffle.ts";
import { uniform } from "./uniform.ts";

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });

test.each(readVectors("shuffle/uniform.json"))(
  "$name",
  ({ seed, position, bound, value, refused }) => {
    const call = () => uniform(fromHex(seed), BigInt(position), bound);
    expect(refusalOf(call)).toBe(refused);
    if (refused === undefined) expect(call()).toBe(value);
  },
);

test.each(readVectors("shuffle/shuffle.json"))("$name", ({ seed, size, order }) => {
  expect([...shuffled(fromHex(seed), size)]).toEqual(order);
});

test.each(readVectors("shuffle/draw.json"))(
  "a draw of $name",
  ({ seed, size, count, drawn, refused }) => {
    const call = () => draw(fromHex(seed), size, count);
    expect(refusalOf(call)).toBe(refused);
    if (refused === undefined) expect(call()).toEqual(drawn);
  },
);

test.each(readVectors("seed/audit.json"))("the audit of $name", (vector) => {
  const audit = fromHex(vector.audit);
  expect(auditedStep(audit, vector.localSteps)).toBe(vector.step);
  expect(auditVerifiers(audit, vector.eligible, 2)).toEqual(vector.verifiers);
  expect(auditReplays(audit, vector.replaySharePpm)).toBe(vector.replays);
  expect(auditedOperations(audit, vector.operations)).toEqual(vector.digestOperations);
});

test.each(readVectors("seed/noise.json"))("noise at $name", (vector) => {
  if (vector.stepSeed !== undefined) {
    const { low, high } = vector;
    expect(noiseSeed(fromHex(vector.stepSeed))).toEqual({ low, high });
    return;
  }
  const { low, high, site, row, column, value } = vector;
  expect(noise(low, high, site, row, column)).toBe(value);
});

test("a shuffle holds every number once, and any prefix of it is a draw", () => {
  fc.assert(
    fc.property(seeds, fc.nat(60), fc.nat(60), (seed, size, count) => {
      const order = [...shuffled(seed, size)];
      expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
      expect(draw(seed, size, Math.min(count, size))).toEqual(order.slice(0, count));
    }),
  );
});

test("a shuffle equals the swaps of its definition", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 40 }), (seed, size) => {
      const order = Array.from({ length: size }, (_, i) => i);
      for (let i = 0; i < size; i++) {
        const j = i + uniform(seed, BigInt(i), size - i);
        [order[i], order[j]] = [order[j]!, order[i]!];
      }
      expect([...shuffled(seed, size)]).toEqual(order);
    }),
  );
});

/** Pearson's statistic of counts that should all be equal. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test("numbers, permutations and noise are spread evenly", () => {
  const seed = new Uint8Array(32).fill(42);
  const numbers = new Array<number>(7).fill(0);
  for (let i = 0n; i < 7000n; i++) numbers[uniform(seed, i, 7)]!++;
  // 22.5 and 20.5 are the 0.1 % bounds for 6 and 5 degrees of freedom, 310.5 the 1 % bound for 255.
  expect(chiSquare(numbers)).toBeLessThan(22.5);

  const permutations = new Map<string, number>();
  for (let i = 0; i < 3000; i++) {
    const order = [...shuffled(new Uint8Array(32).fill(i & 255).with(0, i >> 8), 3)].join("");
    permutations.set(order, (permutations.get(order) ?? 0) + 1);
  }
  expect(permutations.size).toBe(6);
  expect(chiSquare([...permutations.values()])).toBeLessThan(20.5);

  const bytes = new Array<number>(256).fill(0);
  for (let column = 0; column < 65536; column++) bytes[noise(1, 2, 3, 4, column) & 255]!++;
  expect(chiSquare(bytes)).toBeLessThan(310.5);
});

test("a number from a bound that is just above 2^31 needs rejection, and stays below it", () => {
  const bound = 2 ** 31 + 1;
  const drawn = Array.from({ length: 200 }, (_, i) =>
    uniform(new Uint8Array(32), BigInt(i), bound),
  );
  expect(drawn.every((value) => value < bound)).toBe(true);
  // Without rejection, words above the bound would fold onto the small numbers: three quarters of all
  // draws would then fall into the lower half.
  const low = drawn.filter((value) => value < bound / 2).length;
  expect(low).toBeGreaterThan(70);
  expect(low).toBeLessThan(130);
});

test("noise depends on both words of the seed and on every coordinate", () => {
  type Place = [low: number, high: number, site: number, row: number, column: number];
  const base: Place = [1, 2, 3, 4, 5];
  const values = base.map((word, i) => noise(...(base.with(i, word + 1) as Place)));
  expect(new Set([noise(...base), ...values]).size).toBe(6);
});

test("noise treats its arguments modulo 2^32", () => {
  expect(noise(-1, 0, 0, 0, -2)).toBe(noise(2 ** 32 - 1, 0, 0, 0, 2 ** 32 - 2));
});
