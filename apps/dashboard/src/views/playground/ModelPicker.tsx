"use client";
/** One of the models that answer now. */
import type { ServedModel } from "../../api/records.ts";

export function ModelPicker({
  label,
  models,
  chosen,
  onChoose,
}: {
  readonly label: string;
  readonly models: readonly ServedModel[];
  readonly chosen: string | null;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <label className="block min-w-0">
      <span className="text-xs text-ink-soft">{label}</span>
      <select
        value={chosen ?? ""}
        onChange={(event) => onChoose(event.target.value)}
        disabled={models.length === 0}
        className="mt-1 block h-8 w-72 max-w-full rounded-md border border-line bg-ground px-2"
      >
        {models.length === 0 && <option value="">no model answers yet</option>}
        {models.map(({ id }) => (
          <option key={id} value={id}>
            {id}
          </option>
        ))}
      </select>
    </label>
  );
}
