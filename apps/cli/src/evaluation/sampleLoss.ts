/** The loss of a model with an adapter over the fixed sample of a part of a dataset, exact. Source: spec/aggregation.md. */
import type { Backend, WeightSource } from "@r3mes/engine";
import type { AdapterTensors } from "@r3mes/inference";
import { type AdapterShape, type BitnetShape, buildForwardProgram } from "@r3mes/models";
import {
  type BatchShape,
  batchBytes,
  type Part,
  type Shards,
  sampleBatchesOf,
} from "../datasets/batches.ts";

export type SampleLossOptions = {
  readonly shape: BitnetShape;
  /** Absent for the model alone. */
  readonly adapterShape?: AdapterShape;
  readonly batch: BatchShape;
  readonly part: Part;
};

export type SampleLossDeps = {
  readonly backend: Backend;
  readonly weights: WeightSource;
  readonly shards: Shards;
  readonly onBatch?: (done: number, all: number) => void;
};

export type SampleLoss = {
  /** Sum over all tokens, in bits, Q16. */
  readonly loss: bigint;
  readonly tokens: number;
};

/**
 * Prepares the program once and measures each adapter in turn, an empty map for the model alone.
 *
 * @throws DATASET_TOO_SMALL
 */
export async function sampleLosses(
  options: SampleLossOptions,
  adapters: readonly AdapterTensors[],
  deps: SampleLossDeps,
): Promise<readonly SampleLoss[]> {
  const { shape, adapterShape, batch, part } = options;
  const batches = sampleBatchesOf(part, batch);
  const program = buildForwardProgram(shape, {
    ...batch,
    adapter: adapterShape ?? null,
    withLoss: true,
  });
  const session = await deps.backend.prepare(program, deps.weights);
  try {
    const losses: SampleLoss[] = [];
    for (const tensors of adapters) {
      for (const [name, bytes] of tensors) session.write(name, bytes);
      let loss = 0n;
      for (let index = 0; index < batches; index += 1) {
        session.write("tokens", batchBytes(deps.shards, batch, index));
        await session.run();
        const total = await session.read("loss.total");
        loss += new DataView(total.buffer, total.byteOffset, total.length).getBigInt64(0, true);
        deps.onBatch?.(losses.length * batches + index + 1, adapters.length * batches);
      }
      losses.push({ loss, tokens: batches * batch.sequences * batch.length });
    }
    return losses;
  } finally {
    await session.close();
  }
}

/** Bits per token, for people: rounded to six decimals. */
export function bitsPerToken({ loss, tokens }: SampleLoss): number {
  return Math.round((Number(loss) / 65_536 / tokens) * 1e6) / 1e6;
}
