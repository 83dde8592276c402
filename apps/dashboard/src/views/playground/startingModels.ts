/** Which models the page begins with: the version that was asked for or the newest, against the bare model. */
import type { ServedModel } from "../../api/records.ts";

export function startingModels(
  models: readonly ServedModel[],
  adapter: number | null,
): readonly [string | null, string | null] {
  const versions = models
    .filter((model) => typeof model.adapter_id === "number")
    .toSorted((one, other) => (other.adapter_id ?? 0) - (one.adapter_id ?? 0));
  const asked = versions.find((model) => model.adapter_id === adapter);
  const first = asked ?? versions[0] ?? models[0];
  const bare = models.find((model) => typeof model.adapter_id !== "number");
  const second = bare !== undefined && bare.id !== first?.id ? bare : (versions.at(-1) ?? first);
  return [first?.id ?? null, second?.id ?? null];
}
