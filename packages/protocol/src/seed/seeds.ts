/**
 * The seeds of a round, each derived from the one above it: spec/encoding.md section 8. No seed knows
 * the miner, so whoever trains the same chunk draws the same noise.
 */
import type { Hash } from "../hash/asHash.ts";
import { type Tag, taggedHash } from "../hash/taggedHash.ts";
import { writeChainId } from "./writeChainId.ts";

/** Decides everything random in one round of a pool. */
export function roundSeed(place: {
  readonly chain: string;
  readonly beacon: Uint8Array;
  readonly pool: bigint;
  readonly round: bigint;
}): Hash {
  return taggedHash("remes/seed-round/1", (fields) =>
    writeChainId(fields, place.chain).hash(place.beacon).u64(place.pool).u64(place.round),
  );
}

/** Decides the order in which the chunks of a round are leased. */
export function queueSeed(round: Uint8Array): Hash {
  return taggedHash("remes/seed-queue/1", (fields) => fields.hash(round));
}

export function chunkSeed(round: Uint8Array, chunk: bigint): Hash {
  return taggedHash("remes/seed-chunk/1", (fields) => fields.hash(round).u64(chunk));
}

/** Decides the rounding noise of step t, counted from 1. */
export function stepSeed(chunk: Uint8Array, t: number): Hash {
  return taggedHash("remes/seed-step/1", (fields) => fields.hash(chunk).u32(t));
}

/** Decides one audit draw of a submission; `draw` counts redraws from 0. */
export function auditSeed(place: {
  readonly chain: string;
  readonly beacon: Uint8Array;
  readonly pool: bigint;
  readonly round: bigint;
  readonly chunk: bigint;
  readonly draw: number;
}): Hash {
  const { chain, beacon, pool, round, chunk, draw } = place;
  return taggedHash("remes/seed-audit/1", (fields) =>
    writeChainId(fields, chain).hash(beacon).u64(pool).u64(round).u64(chunk).u32(draw),
  );
}

/** The seed of one of the questions that an audit draw answers. */
export function auditQuestionSeed(
  audit: Uint8Array,
  question: "step" | "verifiers" | "replay" | "operations",
): Hash {
  const tag: Tag = `remes/seed-audit-${question}/1`;
  return taggedHash(tag, (fields) => fields.hash(audit));
}
