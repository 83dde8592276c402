import { expect, test } from "vitest";
import { fromHex } from "../encoding/fromHex.ts";
import { toHex } from "../encoding/toHex.ts";
import { readVectors, refusalOf, type Vector } from "../testing/readVectors.ts";
import {
  auditQuestionSeed,
  auditSeed,
  chunkSeed,
  queueSeed,
  roundSeed,
  stepSeed,
} from "./seeds.ts";

function seedOf(vector: Vector): Uint8Array {
  const { kind, chain } = vector;
  const place = () => ({
    chain,
    beacon: fromHex(vector.beacon),
    pool: BigInt(vector.pool),
    round: BigInt(vector.round),
  });
  if (kind === "round") return roundSeed(place());
  if (kind === "audit")
    return auditSeed({ ...place(), chunk: BigInt(vector.chunk), draw: vector.draw });
  const parent = fromHex(vector.parent);
  if (kind === "queue") return queueSeed(parent);
  if (kind === "chunk") return chunkSeed(parent, BigInt(vector.chunk));
  if (kind === "step") return stepSeed(parent, vector.t);
  return auditQuestionSeed(parent, vector.question);
}

const vectors = readVectors("seed/seeds.json");

test.each(vectors)("$name", (vector) => {
  expect(toHex(seedOf(vector))).toBe(vector.seed);
});

test("no two seeds of the vectors are the same", () => {
  expect(new Set(vectors.map(({ seed }) => seed)).size).toBe(vectors.length);
});

test.each(["", "c".repeat(51), "é".repeat(26)])("a chain id of %j is refused", (chain) => {
  const place = { chain, beacon: new Uint8Array(32), pool: 1n, round: 1n };
  expect(refusalOf(() => roundSeed(place))).toBe("NUMBER_OUT_OF_RANGE");
});
