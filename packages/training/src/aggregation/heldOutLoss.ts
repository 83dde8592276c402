/** The loss that a round's curve shows: over a fixed sample of the held-out split, exact. Source: spec/aggregation.md. */
import type { Session } from "@r3mes/engine";
import { LIMITS, type RecordPlace } from "@r3mes/protocol";
import type { Adapter } from "../adapter/adapter.ts";
import { batchOfRecords, firstRecords, type Shards } from "../chunk/chunkRecords.ts";
import { factorTensors, type TrainingPlan } from "../pool/trainingPlan.ts";
import { i32Bytes } from "../step/i32Bytes.ts";
import { readLoss } from "../step/runStep.ts";

/** The records of the sample: whole batches of the first records of the split. */
export function heldOutSample(plan: TrainingPlan, tokens: number): RecordPlace[][] {
  const records = firstRecords(plan, tokens, LIMITS.heldOutRecordsMax);
  const batches = Math.floor(records.length / plan.sequences);
  return Array.from({ length: batches }, (_, i) =>
    records.slice(i * plan.sequences, (i + 1) * plan.sequences),
  );
}

/**
 * Sum of the losses of all tokens of the sample, in bits, Q16; 0 when there is no whole batch. `session` runs the forward program of
 * the plan's shapes.
 */
export async function heldOutLoss(
  session: Session,
  plan: TrainingPlan,
  adapter: Adapter,
  tokens: number,
  shards: Shards,
): Promise<bigint> {
  factorTensors(plan.program).forEach((id, i) => {
    session.write(plan.program.tensors[id]!.name, i32Bytes(adapter.factors[i]!));
  });
  let loss = 0n;
  for (const places of heldOutSample(plan, tokens)) {
    session.write("tokens", i32Bytes(batchOfRecords(plan, shards, places)));
    await session.run();
    loss += await readLoss(session);
  }
  return loss;
}
