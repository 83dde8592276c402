/**
 * Where the records of a chunk lie in a dataset: spec/chunk.md. Positions follow from the lease alone,
 * so that a miner, a verifier and the chain read the same tokens without asking each other.
 */
import { LIMITS } from "../gen/limits.ts";
import { checkRange } from "../limits/checkRange.ts";

/** What a pool's step program reads at once. */
export type BatchShape = {
  /** Predicted tokens of a sequence (S); a record holds one more. */
  readonly sequenceTokens: number;
  /** Sequences of a step (B). */
  readonly batchSequences: number;
  /** Steps of a chunk (H). */
  readonly localSteps: number;
};

export type RecordPlace = { readonly shard: number; readonly firstToken: number };

const chunksMax = 2 ** 32 - 1;

/** Records in a training split of this many tokens. Throws NUMBER_OUT_OF_RANGE. */
export function datasetRecords(tokens: number, sequenceTokens: number): number {
  checkRange("tokens", tokens, 0, Number.MAX_SAFE_INTEGER);
  checkRange("sequence tokens", sequenceTokens, 1, LIMITS.sequenceTokensMax);
  const rest = tokens % LIMITS.shardTokensMax;
  const full = (tokens - rest) / LIMITS.shardTokensMax;
  return (
    full * shardRecords(LIMITS.shardTokensMax, sequenceTokens) + shardRecords(rest, sequenceTokens)
  );
}

/** Chunks in a training split of this many tokens. Throws NUMBER_OUT_OF_RANGE. */
export function datasetChunks(tokens: number, shape: BatchShape): number {
  const chunks = Math.floor(datasetRecords(tokens, shape.sequenceTokens) / chunkRecords(shape));
  checkRange("chunks", chunks, 0, chunksMax);
  return chunks;
}

/** Where sequence `sequence` (from 0) of step t (from 1) of a chunk begins. Throws NUMBER_OUT_OF_RANGE. */
export function recordPlace(
  at: { readonly chunk: number; readonly t: number; readonly sequence: number },
  shape: BatchShape,
): RecordPlace {
  const { localSteps, batchSequences, sequenceTokens } = shape;
  checkRange("sequence tokens", sequenceTokens, 1, LIMITS.sequenceTokensMax);
  checkRange("chunk", at.chunk, 0, chunksMax - 1);
  checkRange("step", at.t, 1, localSteps);
  checkRange("sequence", at.sequence, 0, batchSequences - 1);
  const record = at.chunk * chunkRecords(shape) + (at.t - 1) * batchSequences + at.sequence;
  const perShard = shardRecords(LIMITS.shardTokensMax, sequenceTokens);
  const inShard = record % perShard;
  return { shard: (record - inShard) / perShard, firstToken: inShard * sequenceTokens };
}

function chunkRecords({ localSteps, batchSequences }: BatchShape): number {
  checkRange("local steps", localSteps, 1, LIMITS.localStepsMax);
  checkRange("batch sequences", batchSequences, 1, LIMITS.batchSequencesMax);
  return localSteps * batchSequences;
}

function shardRecords(tokens: number, sequenceTokens: number): number {
  return tokens === 0 ? 0 : Math.floor((tokens - 1) / sequenceTokens);
}
