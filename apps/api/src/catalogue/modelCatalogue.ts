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
  /** By its name or an alias of it; undefined if it is not served. */
  find(name: string): ServedModel | undefined;
  /** As `find`. Throws MODEL_NOT_SERVED. */
  resolve(name: string): ServedModel;
}

/** @param aliases name → id, such as `pool-1@latest` */
export function catalogueOf(
  models: () => readonly ServedModel[],
  aliases: () => ReadonlyMap<string, string>,
): ModelCatalogue {
  function find(name: string): ServedModel | undefined {
    const id = aliases().get(name) ?? name;
    return models().find((model) => model.id === id);
  }

  return {
    list: models,
    find,
    resolve(name) {
      const found = find(name);
      if (found !== undefined) return found;
      throw new R3mesError({ code: "MODEL_NOT_SERVED", model: name.slice(0, 128), field: "model" });
    },
  };
}
