/** Vectors of records and chunks: spec/chunk.md. */
import { type BatchShape, datasetChunks, datasetRecords, recordPlace } from "@r3mes/protocol";
import { outcome } from "./describe.ts";
import type { VectorCase, VectorFile } from "./vectorFile.ts";

const shardTokens = 16_777_216;
const genesis: BatchShape = { sequenceTokens: 256, batchSequences: 8, localSteps: 4 };

function datasetCases(): readonly VectorCase[] {
  const sizes: readonly (readonly [string, number, BatchShape])[] = [
    ["no tokens", 0, genesis],
    ["one token short of a record", 256, genesis],
    ["one record", 257, genesis],
    ["one record short of a chunk", 32 * 256, genesis],
    ["one chunk", 32 * 256 + 1, genesis],
    ["a full shard", shardTokens, genesis],
    ["a full shard and a token", shardTokens + 1, genesis],
    ["a full shard and a record", shardTokens + 257, genesis],
    [
      "three shards and a half",
      3.5 * shardTokens,
      { sequenceTokens: 2048, batchSequences: 1, localSteps: 32 },
    ],
    ["sequences of one token", 1000, { sequenceTokens: 1, batchSequences: 1, localSteps: 1 }],
    ["no sequence", 1000, { ...genesis, sequenceTokens: 0 }],
    ["a sequence over its limit", 1000, { ...genesis, sequenceTokens: 4097 }],
    ["a batch of none", 1000, { ...genesis, batchSequences: 0 }],
    ["no steps", 1000, { ...genesis, localSteps: 0 }],
    [
      "more chunks than a draw can hold",
      2 ** 33,
      { sequenceTokens: 1, batchSequences: 1, localSteps: 1 },
    ],
  ];
  return sizes.map(([name, tokens, shape]) => {
    const chunks = outcome("chunks", () => datasetChunks(tokens, shape));
    const records =
      "chunks" in chunks ? { records: datasetRecords(tokens, shape.sequenceTokens) } : {};
    return { name, tokens: String(tokens), shape, ...records, ...chunks };
  });
}

function recordCases(): readonly VectorCase[] {
  // A full shard holds 65,535 records of 256 tokens, so chunk 2,047 is the first that crosses into the next.
  const places: readonly (readonly [string, number, number, number])[] = [
    ["the first record", 0, 1, 0],
    ["the second sequence of a step", 0, 1, 1],
    ["the second step", 0, 2, 0],
    ["the last record of a chunk", 0, 4, 7],
    ["the next chunk", 1, 1, 0],
    ["the last record of a shard", 2047, 4, 6],
    ["the first record of the next shard", 2047, 4, 7],
    ["the largest chunk", 2 ** 32 - 2, 4, 7],
    ["step 0", 0, 0, 0],
    ["a step over the last", 0, 5, 0],
    ["a sequence over the last", 0, 1, 8],
    ["a chunk over the largest", 2 ** 32 - 1, 1, 0],
  ];
  return places.map(([name, chunk, t, sequence]) => {
    const place = outcome("place", () => recordPlace({ chunk, t, sequence }, genesis));
    const result = "place" in place ? (place.place as object) : place;
    return { name, chunk, t, sequence, shape: genesis, ...result };
  });
}

export function chunkVectors(): readonly VectorFile[] {
  return [
    {
      path: "chunk/dataset.json",
      about: "Records and chunks in a training split of so many tokens.",
      cases: datasetCases(),
    },
    {
      path: "chunk/record.json",
      about: "Where a sequence of a step of a chunk begins.",
      cases: recordCases(),
    },
  ];
}
