"use client";
/** What models and datasets are called, by their numbers; a number until its name is there, and beyond the newest two hundred. */
import type { PageOf } from "./records.ts";
import { useRecord } from "./useRecord.ts";

type Named = { readonly id: number; readonly name: string };

export type RegistryNames = {
  readonly model: (id: number) => string;
  readonly dataset: (id: number) => string;
};

export function useRegistryNames(): RegistryNames {
  const models = useRecord<PageOf<Named>>("/models?limit=200", ["registry"]);
  const datasets = useRecord<PageOf<Named>>("/datasets?limit=200", ["registry"]);
  return {
    model: (id) => nameOf(models.data, id) ?? `model ${id}`,
    dataset: (id) => nameOf(datasets.data, id) ?? `dataset ${id}`,
  };
}

function nameOf(page: PageOf<Named> | undefined, id: number): string | undefined {
  return page?.items.find((one) => one.id === id)?.name;
}
