import { expect, test } from "vitest";
import { longSentencesOf } from "../corpus/deduplicate.ts";
import { readBuiltIn } from "../node/readBuiltIn.ts";
import { BUILT_IN_DATASETS } from "./builtInDatasets.ts";

const bytesOf = (documents: readonly { readonly text: string }[]) =>
  documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

test.each(BUILT_IN_DATASETS)(
  "$description.name is the text that it says, split in three",
  (dataset) => {
    const parts = readBuiltIn(dataset);
    expect({
      train: [parts.train.length, bytesOf(parts.train)],
      validation: [parts.validation.length, bytesOf(parts.validation)],
      heldOut: [parts.heldOut.length, bytesOf(parts.heldOut)],
    }).toMatchSnapshot();

    const trained = longSentencesOf(parts.train);
    const untrained = longSentencesOf([...parts.validation, ...parts.heldOut]);
    expect(trained.size).toBeGreaterThan(1000);
    expect([...untrained].filter((sentence) => trained.has(sentence))).toEqual([]);
    const ids = [...parts.train, ...parts.validation, ...parts.heldOut].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  },
);
