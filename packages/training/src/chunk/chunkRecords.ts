/** Which tokens a chunk trains on. Source: spec/chunk.md. */
import { assert, LIMITS, R3mesError } from "@r3mes/protocol";
import type { TrainingPlan } from "../pool/trainingPlan.ts";

/** A record of S tokens and the one after it, by where it lies in the training split. */
export interface RecordPlace {
  readonly shard: number;
  /** First token of the record in its shard. */
  readonly token: number;
}

/** Records of S tokens in a shard; the last one needs the token after it. */
function recordsOfShard(tokens: number, length: number): number {
  return tokens === 0 ? 0 : Math.floor((tokens - 1) / length);
}

/** All records of a split of `tokens` tokens, in order. Splits are cut alike: full shards, and a last one with the rest. */
export function recordsOf(plan: TrainingPlan, tokens: number): RecordPlace[] {
  const { shardTokensMax } = LIMITS;
  const places: RecordPlace[] = [];
  for (let shard = 0; shard * shardTokensMax < tokens; shard += 1) {
    const inShard = Math.min(shardTokensMax, tokens - shard * shardTokensMax);
    for (let i = 0; i < recordsOfShard(inShard, plan.length); i += 1) {
      places.push({ shard, token: i * plan.length });
    }
  }
  return places;
}

/** Chunks of a training split of `tokens` tokens, whose shards are full but for the last. */
export function chunksOf(plan: TrainingPlan, tokens: number): number {
  const { shardTokensMax } = LIMITS;
  const full = Math.floor(tokens / shardTokensMax);
  const records =
    full * recordsOfShard(shardTokensMax, plan.length) +
    recordsOfShard(tokens % shardTokensMax, plan.length);
  return Math.floor(records / (plan.localSteps * plan.sequences));
}

/** The records of step t (from 1) of a chunk, one for each sequence of the batch. */
export function recordsOfStep(plan: TrainingPlan, chunk: number, t: number): RecordPlace[] {
  assert(t >= 1 && t <= plan.localSteps, "steps count from 1");
  const perShard = recordsOfShard(LIMITS.shardTokensMax, plan.length);
  const first = (chunk * plan.localSteps + t - 1) * plan.sequences;
  return Array.from({ length: plan.sequences }, (_, b) => ({
    shard: Math.floor((first + b) / perShard),
    token: ((first + b) % perShard) * plan.length,
  }));
}

/** The shards that a chunk reads, ascending: what a miner has to fetch before it begins. */
export function shardsOfChunk(plan: TrainingPlan, chunk: number): number[] {
  const shards = new Set<number>();
  for (let t = 1; t <= plan.localSteps; t += 1) {
    for (const { shard } of recordsOfStep(plan, chunk, t)) shards.add(shard);
  }
  return [...shards].sort((a, b) => a - b);
}

/** Tokens of a training shard by its number. */
export type Shards = ReadonlyMap<number, Uint32Array>;

/** The batch of step t: [B, S + 1] tokens, row by row. */
export function batchOfStep(
  plan: TrainingPlan,
  shards: Shards,
  chunk: number,
  t: number,
): Int32Array {
  return batchOfRecords(plan, shards, recordsOfStep(plan, chunk, t));
}

/** Records with the token after each: [records, S + 1] tokens, row by row. */
export function batchOfRecords(
  plan: TrainingPlan,
  shards: Shards,
  places: readonly RecordPlace[],
): Int32Array {
  const columns = plan.length + 1;
  const batch = new Int32Array(places.length * columns);
  for (const [row, { shard, token }] of places.entries()) {
    const tokens = shards.get(shard)?.subarray(token, token + columns);
    if (tokens?.length !== columns) {
      throw new R3mesError({ code: "CHUNK_NOT_IN_DATASET", shard, token });
    }
    batch.set(tokens, row * columns);
  }
  return batch;
}
