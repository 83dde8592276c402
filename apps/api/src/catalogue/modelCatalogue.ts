/** What can be asked here: the backbone, and adapters by name. */
import { R3mesError } from "@r3mes/protocol";

export interface ServedModel {
  /** What a request calls it, and what a reply names; never an alias. */
  readonly id: string;
  /** Hex of the adapter's root; null for the backbone alone. */
  readonly adapter: string | null;
  /** Number of the version on the chain; null if it is on none. */
  readonly adapterId: number | null;
  readonly status: "backbone" | "provisional" | "mature" | "local";
  /** Seconds since 1970. */
  readonly createdS: number;
}

export interface ModelCatalogue {
  readonly list: () => readonly ServedModel[];
  /** By its name or an alias of it. Throws MODEL_NOT_SERVED. */
  resolve(name: string): ServedModel;
}

/** @param aliases name → id, such as `pool-1@latest` */
export function catalogueOf(
  models: () => readonly ServedModel[],
  aliases: () => ReadonlyMap<string, string>,
): ModelCatalogue {
  return {
    list: models,
    resolve(name) {
      const id = aliases().get(name) ?? name;
      const found = models().find((model) => model.id === id);
      if (found !== undefined) return found;
      throw new R3mesError({ code: "MODEL_NOT_SERVED", model: name.slice(0, 128), field: "model" });
    },
  };
}
