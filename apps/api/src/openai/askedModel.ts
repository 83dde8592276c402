/** The model that a request names, if its key may ask it; and all that a key may ask. */
import { R3mesError } from "@r3mes/protocol";
import type { Caller } from "../access/access.ts";
import type { ModelCatalogue, ServedModel } from "../catalogue/modelCatalogue.ts";

/**
 * A key that is bound to models may ask them by the names that it was given: of a version, of an alias such as `pool-1@latest`, or of
 * what stands before the `@`, which is every version of it.
 *
 * @throws MODEL_NOT_SERVED, KEY_MODEL_DENIED
 */
export function askedModel(
  catalogue: Pick<ModelCatalogue, "resolve">,
  { models }: Pick<Caller, "models">,
  name: string,
): ServedModel {
  const model = catalogue.resolve(name);
  if (mayAsk(models, name) || mayAsk(models, model.id)) return model;
  throw new R3mesError({
    code: "KEY_MODEL_DENIED",
    model: name.slice(0, 128),
    models: (models ?? []).join(", "),
    field: "model",
  });
}

/** Under the names that the key may ask by: an alias that it was given keeps its name, whatever version that is now. */
export function openModels(
  catalogue: Pick<ModelCatalogue, "list" | "find">,
  { models }: Pick<Caller, "models">,
): ServedModel[] {
  const open = catalogue.list().filter(({ id }) => mayAsk(models, id));
  const shown = new Set(open.map(({ id }) => id));
  const named = (models ?? []).flatMap((id) => {
    const model = catalogue.find(id);
    return model === undefined || shown.has(model.id) ? [] : [{ ...model, id }];
  });
  return [...open, ...named];
}

/** `models` is null for a key that is bound to none. */
function mayAsk(models: readonly string[] | null, name: string): boolean {
  if (models === null) return true;
  const [family] = name.split("@");
  return models.includes(name) || models.includes(family!);
}
