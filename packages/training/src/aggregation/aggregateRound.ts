/** What a round makes of its accepted updates: the next adapter. Source: spec/update.md, Aggregation and Outer step. */
import { aggregate, decodeUpdate, outerStep } from "@r3mes/engine";
import type { Adapter } from "../adapter/adapter.ts";
import { type TrainingPlan, updateLayoutOf } from "../pool/trainingPlan.ts";

/** `updates` are the encodings of the accepted updates, in any order. */
export function aggregateRound(
  plan: TrainingPlan,
  adapter: Adapter,
  updates: readonly Uint8Array[],
): Adapter {
  const layout = updateLayoutOf(plan);
  const mean = aggregate(
    layout,
    updates.map((bytes) => decodeUpdate(layout, bytes)),
  );
  const stepped = mean.map((change, i) =>
    outerStep(plan.outer, { factor: adapter.factors[i]!, momentum: adapter.momenta[i]! }, change),
  );
  return {
    factors: stepped.map(({ factor }) => factor),
    momenta: stepped.map(({ momentum }) => momentum),
  };
}
