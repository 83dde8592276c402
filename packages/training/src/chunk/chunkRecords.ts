/** Which tokens a chunk trains on, by the record arithmetic of the protocol. Source: spec/chunk.md. */
import {
  type BatchShape,
  datasetRecords,
  R3mesError,
  type RecordPlace,
  recordPlace,
} from "@r3mes/protocol";
import type { TrainingPlan } from "../pool/trainingPlan.ts";

/** What a step of the plan reads at once. */
export function batchShapeOf(plan: TrainingPlan): BatchShape {
  return {
    sequenceTokens: plan.length,
    batchSequences: plan.sequences,
    localSteps: plan.localSteps,
  };
}

/** The first records of a split of `tokens` tokens, `count` of them or all. Every split is cut as the training split is. */
export function firstRecords(plan: TrainingPlan, tokens: number, count: number): RecordPlace[] {
  const records = Math.min(count, datasetRecords(tokens, plan.length));
  // A split is read record by record here: chunks of one step of one sequence.
  const shape = { sequenceTokens: plan.length, batchSequences: 1, localSteps: 1 };
  return Array.from({ length: records }, (_, chunk) =>
    recordPlace({ chunk, t: 1, sequence: 0 }, shape),
  );
}

/** The records of step t (from 1) of a chunk, one for each sequence of the batch. */
export function recordsOfStep(plan: TrainingPlan, chunk: number, t: number): RecordPlace[] {
  return Array.from({ length: plan.sequences }, (_, sequence) =>
    recordPlace({ chunk, t, sequence }, batchShapeOf(plan)),
  );
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
  for (const [row, { shard, firstToken }] of places.entries()) {
    const tokens = shards.get(shard)?.subarray(firstToken, firstToken + columns);
    if (tokens?.length !== columns) {
      throw new R3mesError({ code: "CHUNK_NOT_IN_DATASET", shard, token: firstToken });
    }
    batch.set(tokens, row * columns);
  }
  return batch;
}
