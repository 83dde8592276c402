import fc from "fast-check";
import { expect, test } from "vitest";
import {
  exponentOf,
  magnitudeOf,
  mantissaMax,
  NO_MAGNITUDE,
  quantise,
  ZERO_EXPONENT,
} from "./alignedQuantise.ts";

interface Value {
  readonly x: number;
  readonly e: number;
}

const values = fc.array(
  fc.record({
    x: fc.integer({ min: -(2 ** 30), max: 2 ** 30 }),
    e: fc.integer({ min: -40, max: 60 }),
  }),
  { minLength: 1, maxLength: 40 },
);
const bits = fc.constantFrom(2, 8, 12, 13, 14, 16);

const magnitude = (set: readonly Value[]) =>
  set.reduce((max, { x, e }) => Math.max(max, magnitudeOf(x, e)), NO_MAGNITUDE);

test("the magnitude of a set is the largest of its parts, in any order and any chunks", () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 9 }), (set, chunk) => {
      const parts = [];
      for (let i = 0; i < set.length; i += chunk) parts.push(magnitude(set.slice(i, i + chunk)));
      expect(Math.max(...parts)).toBe(magnitude(set));
      expect(magnitude([...set].reverse())).toBe(magnitude(set));
    }),
  );
});

test("every mantissa is the value at the set's exponent, rounded once, and the largest uses all bits", () => {
  fc.assert(
    fc.property(values, bits, (set, b) => {
      const m = magnitude(set);
      const exponent = exponentOf(m, b);
      const mantissas = set.map(({ x, e }) => quantise(x, e, m, b));
      if (m === NO_MAGNITUDE) {
        expect(exponent).toBe(ZERO_EXPONENT);
        expect(mantissas.every((q) => q === 0)).toBe(true);
        return;
      }
      const largest = Math.max(...mantissas.map(Math.abs));
      expect(largest).toBeLessThanOrEqual(mantissaMax(b));
      expect(largest).toBeGreaterThanOrEqual(2 ** (b - 2));
      set.forEach(({ x, e }, i) => {
        // 2 * q * 2^(e - exponent) - 2 x lies within one unit of q; compare as whole numbers.
        const shift = exponent - e;
        const [scaled, unit] =
          shift >= 0 ? [BigInt(x) << BigInt(shift), 1n] : [BigInt(x), 1n << BigInt(-shift)];
        const error = BigInt(mantissas[i]!) * unit - scaled;
        const isClamped = Math.abs(mantissas[i]!) === mantissaMax(b);
        if (!isClamped) expect(2n * (error < 0n ? -error : error) <= unit).toBe(true);
      });
    }),
  );
});

test.each([
  [-128, 0, 7, -127],
  [127, 0, 7, 127],
  [255, 0, 8, 127],
  [-255, 0, 8, -127],
  [1, 0, 1, 64],
  [1, 40, 1, 0],
  [-1, 40, 1, 0],
])("quantise(%d * 2^-%d) to 8 bits at magnitude %d is %d", (x, e, m, expected) => {
  expect(quantise(x, e, m, 8)).toBe(expected);
});
