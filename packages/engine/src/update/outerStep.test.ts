import fc from "fast-check";
import { expect, test } from "vitest";
import { outerStep } from "./outerStep.ts";

/** The definition in arbitrary precision. */
function exactly(mu: bigint, eta: bigint, factor: bigint, momentum: bigint, mean: bigint) {
  const scaled = (value: bigint, by: bigint) => (value * by + 128n) >> 8n;
  const saturate = (x: bigint) => (x > 1n << 30n ? 1n << 30n : x < -(1n << 30n) ? -(1n << 30n) : x);
  const carried = saturate(scaled(momentum, mu) + mean);
  return {
    factor: saturate(factor - scaled(mean + scaled(carried, mu), eta)),
    momentum: carried,
  };
}

test("equals the definition in arbitrary precision over the whole range", () => {
  const bound = 1 << 30;
  const wide = fc.oneof(
    fc.constantFrom(-bound, -1, 0, 1, bound),
    fc.integer({ min: -bound, max: bound }),
  );
  const narrow = fc.integer({ min: -(1 << 22), max: 1 << 22 });
  fc.assert(
    fc.property(
      fc.nat(255),
      fc.integer({ min: 1, max: 4095 }),
      wide,
      wide,
      narrow,
      (mu, eta, factor, momentum, mean) => {
        const next = outerStep(
          { momentum: mu, learningRate: eta },
          { factor: Int32Array.of(factor), momentum: Int32Array.of(momentum) },
          Int32Array.of(mean),
        );
        const expected = exactly(
          BigInt(mu),
          BigInt(eta),
          BigInt(factor),
          BigInt(momentum),
          BigInt(mean),
        );
        expect(BigInt(next.factor[0]!)).toBe(expected.factor);
        expect(BigInt(next.momentum[0]!)).toBe(expected.momentum);
      },
    ),
  );
});

test("with the defaults, a first step moves 2.5 times 1.5 times the mean", () => {
  const { factor, momentum } = outerStep(
    { momentum: 128, learningRate: 640 },
    { factor: Int32Array.of(0, 1000), momentum: new Int32Array(2) },
    Int32Array.of(64, -64),
  );
  expect([...factor]).toEqual([-240, 1240]);
  expect([...momentum]).toEqual([64, -64]);
});
