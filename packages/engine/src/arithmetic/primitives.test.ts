import { readFileSync } from "node:fs";
import { noise } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { exponentOf, magnitudeOf, NO_MAGNITUDE, quantise } from "./alignedQuantise.ts";
import { exp2n, log2 } from "./exponential.ts";
import { bitLength, divRound, isqrt, rsh } from "./integer.ts";

type Value = number | string | readonly Value[];

interface Vector {
  readonly name: string;
  readonly function: string;
  readonly arguments: readonly Value[];
  readonly result: Value;
}

const file = new URL("../../../../spec/vectors/arithmetic/primitives.json", import.meta.url);
const vectors: { readonly cases: readonly Vector[] } = JSON.parse(readFileSync(file, "utf8"));

function alignedQuantise(pairs: readonly (readonly [number, number])[], bits: number) {
  const m = pairs.reduce((max, [x, e]) => Math.max(max, magnitudeOf(x, e)), NO_MAGNITUDE);
  return [m, exponentOf(m, bits), pairs.map(([x, e]) => quantise(x, e, m, bits))];
}

const FUNCTIONS: Readonly<Record<string, (...args: never[]) => unknown>> = {
  BL: bitLength,
  RSH: rsh,
  ROUND: divRound,
  ISQRT: isqrt,
  EXP2N: exp2n,
  LOG2: log2,
  AQ: alignedQuantise,
  noise,
};

test("the vectors cover every primitive", () => {
  const named = new Set(vectors.cases.map((vector) => vector.function));
  expect([...named].sort()).toEqual(Object.keys(FUNCTIONS).sort());
});

/** Numbers and decimal text alike, so that a value beyond 2^53 compares exactly. */
function comparable(value: unknown): unknown {
  return Array.isArray(value) ? value.map(comparable) : BigInt(value as number | string);
}

test.each(vectors.cases.map((vector) => [vector.name, vector] as const))("%s", (_, vector) => {
  const result = FUNCTIONS[vector.function]!(...(vector.arguments as never[]));
  expect(comparable(result)).toEqual(comparable(vector.result));
});
