import { R3mesError } from "@r3mes/protocol";
import { expect, test } from "vitest";
import { catalogueOf, type ServedModel } from "../catalogue/modelCatalogue.ts";
import { askedModel, openModels } from "./askedModel.ts";

const served = (id: string): ServedModel => ({
  ...{ id, adapter: null, adapterId: null, status: "mature", createdS: 0 },
});
const catalogue = catalogueOf(
  () => ["genesis", "pool-1@v7", "pool-1@v8", "pool-10@v9"].map(served),
  () => new Map([["pool-1@latest", "pool-1@v8"]]),
);

function asked(models: readonly string[] | null, name: string): string {
  try {
    return askedModel(catalogue, { models }, name).id;
  } catch (error) {
    return (error as R3mesError).code;
  }
}

test.each([
  ["a key that is bound to none asks anything", null, "pool-1@v7", "pool-1@v7"],
  ["a name opens what has it", ["genesis"], "genesis", "genesis"],
  ["a name opens nothing else", ["genesis"], "pool-1@v7", "KEY_MODEL_DENIED"],
  ["a version opens itself, by an alias too", ["pool-1@v8"], "pool-1@latest", "pool-1@v8"],
  ["a version opens no other", ["pool-1@v8"], "pool-1@v7", "KEY_MODEL_DENIED"],
  ["an alias opens itself", ["pool-1@latest"], "pool-1@latest", "pool-1@v8"],
  ["an alias opens no version by its number", ["pool-1@latest"], "pool-1@v8", "KEY_MODEL_DENIED"],
  ["what stands before the @ opens every version", ["pool-1"], "pool-1@v7", "pool-1@v7"],
  ["but none of a longer name", ["pool-1"], "pool-10@v9", "KEY_MODEL_DENIED"],
  ["what is not served is not there for anybody", ["pool-1"], "pool-1@v1", "MODEL_NOT_SERVED"],
] as const)("%s", (_case, models, name, expected) => {
  expect(asked(models, name)).toBe(expected);
});

test("whoever is refused is told what the key may ask", () => {
  const ask = () => askedModel(catalogue, { models: ["genesis", "pool-10"] }, "pool-1@v7");
  expect(ask).toThrow(R3mesError);
  expect(ask).toThrow(/pool-1@v7.*genesis, pool-10/);
});

test.each([
  [
    "a key that is bound to none is shown all",
    null,
    ["genesis", "pool-1@v7", "pool-1@v8", "pool-10@v9"],
  ],
  ["a key of an alias is shown it by that name", ["pool-1@latest"], ["pool-1@latest"]],
  [
    "an alias beside its pool adds nothing",
    ["pool-1", "pool-1@latest"],
    ["pool-1@v7", "pool-1@v8"],
  ],
  ["a name that is not served yet is not shown", ["pool-2@latest", "genesis"], ["genesis"]],
] as const)("%s", (_case, models, expected) => {
  const shown = openModels(catalogue, { models });
  expect(shown.map(({ id }) => id)).toEqual(expected);
  // Whatever is shown can be asked by the name that it is shown by.
  for (const { id } of shown) expect(asked(models, id)).toMatch(/^(genesis|pool-)/);
});
