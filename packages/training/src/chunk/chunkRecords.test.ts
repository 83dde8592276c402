import { LIMITS } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { tinyLeasedChunk, tinyPlan, tinyTokens } from "../testing/tinyPool.ts";
import { batchOfStep, firstRecords, recordsOfStep, shardsOfChunk } from "./chunkRecords.ts";

test("a chunk is consecutive records, and the next one follows it", () => {
  const tokens = (chunk: number, t: number) =>
    recordsOfStep(tinyPlan, chunk, t).map((r) => r.firstToken);
  expect([tokens(0, 1), tokens(0, 2), tokens(0, 3), tokens(1, 1)]).toEqual([
    [0, 16],
    [32, 48],
    [64, 80],
    [96, 112],
  ]);
});

test("a batch holds each record with the token after it", () => {
  const batch = batchOfStep(tinyPlan, tinyLeasedChunk(1, 1).shards, 1, 1);
  expect([...batch]).toEqual([...tinyTokens.subarray(96, 113), ...tinyTokens.subarray(112, 129)]);
});

test("a record never crosses shards, but a chunk may", () => {
  const perShard = Math.floor((LIMITS.shardTokensMax - 1) / 16);
  const chunk = Math.floor(perShard / 6);
  expect(perShard % 6).not.toBe(0);
  expect(shardsOfChunk(tinyPlan, chunk)).toEqual([0, 1]);
  expect(shardsOfChunk(tinyPlan, chunk + 1)).toEqual([1]);
});

test("a chunk beyond the shards at hand is refused", () => {
  expect(() => batchOfStep(tinyPlan, tinyLeasedChunk(1, 0).shards, 41, 3)).toThrowError(
    expect.objectContaining({ code: "CHUNK_NOT_IN_DATASET" }),
  );
});

test("the records of a split begin anew in every shard, and end with it", () => {
  const { shardTokensMax } = LIMITS;
  const all = Math.floor((shardTokensMax - 1) / 16) + 2;
  const records = firstRecords(tinyPlan, shardTokensMax + 33, all + 9);
  expect(records.length).toBe(all);
  expect(records.slice(-2)).toEqual([
    { shard: 1, firstToken: 0 },
    { shard: 1, firstToken: 16 },
  ]);
  expect(firstRecords(tinyPlan, 100, 2)).toEqual([
    { shard: 0, firstToken: 0 },
    { shard: 0, firstToken: 16 },
  ]);
});
