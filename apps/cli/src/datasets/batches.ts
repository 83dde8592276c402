/** Batches of consecutive records out of a part of a dataset. Source: spec/chunk.md. */
import { packBlock } from "@r3mes/engine";
import { datasetRecords, LIMITS, R3mesError, recordPlace } from "@r3mes/protocol";

export type BatchShape = {
  readonly sequences: number;
  /** Tokens of a sequence that are predicted; a record has one more. */
  readonly length: number;
};

export type Shards = ReadonlyMap<number, Uint32Array>;

/** A part of a dataset, by its tokens. */
export type Part = { readonly dataset: string; readonly split: string; readonly tokens: number };

/**
 * Whole batches of a part.
 *
 * @throws DATASET_TOO_SMALL if there is none
 */
export function batchesOf({ dataset, split, tokens }: Part, shape: BatchShape): number {
  const records = datasetRecords(tokens, shape.length);
  const batches = Math.floor(records / shape.sequences);
  if (batches > 0) return batches;
  const facts = { dataset, split, records, needed: shape.sequences };
  throw new R3mesError({ code: "DATASET_TOO_SMALL", ...facts });
}

/** Batches of the sample on which loss is measured (spec/aggregation.md): whole ones of the first records. */
export function sampleBatchesOf(part: Part, shape: BatchShape): number {
  return Math.min(batchesOf(part, shape), Math.floor(LIMITS.heldOutRecordsMax / shape.sequences));
}

/** Storage bytes of the tokens of a batch (from 0): i32 [sequences, length + 1]. */
export function batchBytes(shards: Shards, shape: BatchShape, batch: number): Uint8Array {
  const { sequences, length } = shape;
  const one = { sequenceTokens: length, batchSequences: sequences, localSteps: 1 };
  const places = Array.from({ length: sequences }, (_, sequence) =>
    recordPlace({ chunk: batch, t: 1, sequence }, one),
  );
  return packBlock("i32", sequences, length + 1, (row, column) => {
    const { shard, firstToken } = places[row]!;
    const token = shards.get(shard)?.[firstToken + column];
    if (token === undefined) throw new R3mesError({ code: "CHUNK_NOT_IN_DATASET", shard });
    return token;
  });
}
