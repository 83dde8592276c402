/** Which two models are asked: those that were chosen, as long as they are served. */
import type { ServedModel } from "../../api/records.ts";

export type TwoModels = readonly [string | null, string | null];

export function modelsToAsk(
  models: readonly ServedModel[],
  { adapter, chosen }: { readonly adapter: number | null; readonly chosen: TwoModels },
): TwoModels {
  const start = startingModels(models, adapter);
  const isServed = (name: string | null) => models.some(({ id }) => id === name);
  return [isServed(chosen[0]) ? chosen[0] : start[0], isServed(chosen[1]) ? chosen[1] : start[1]];
}

/** The version that was asked for or the newest, against the bare model. */
function startingModels(models: readonly ServedModel[], adapter: number | null): TwoModels {
  const versions = models
    .filter((model) => typeof model.adapter_id === "number")
    .toSorted((one, other) => (other.adapter_id ?? 0) - (one.adapter_id ?? 0));
  const asked = versions.find((model) => model.adapter_id === adapter);
  const first = asked ?? versions[0] ?? models[0];
  const bare = models.find((model) => typeof model.adapter_id !== "number");
  const second = bare !== undefined && bare.id !== first?.id ? bare : (versions.at(-1) ?? first);
  return [first?.id ?? null, second?.id ?? null];
}
