import { expect, test } from "vitest";
import { DOMAIN_SPLIT, PRETRAINING_SPLIT, splitDocuments } from "./splitDocuments.ts";

const documents = Array.from({ length: 20 }, (_, i) => ({ id: String(i), text: `document ${i}` }));
const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => Number(id));

test("a domain gives one document in ten to choosing and one to publishing", () => {
  const parts = splitDocuments(documents, DOMAIN_SPLIT);
  expect(ids(parts.heldOut)).toEqual([3, 13]);
  expect(ids(parts.validation)).toEqual([8, 18]);
  expect(parts.train).toHaveLength(16);
});

test("the pre-training mix has no part for choosing", () => {
  const parts = splitDocuments(documents, PRETRAINING_SPLIT);
  expect(ids(parts.heldOut)).toEqual([7]);
  expect(parts.validation).toEqual([]);
  expect(parts.train).toHaveLength(19);
});

test("a sentence that is held out is taken out of what is trained on", () => {
  const shared = "From hell's heart I stab at thee; for hate's sake I spit my last breath at thee.";
  const quoted = documents.map((document) => ({
    ...document,
    text: `${document.text}. ${shared}`,
  }));
  const parts = splitDocuments(quoted, DOMAIN_SPLIT);
  expect(parts.heldOut.every(({ text }) => text.includes(shared))).toBe(true);
  for (const { text } of [...parts.validation, ...parts.train]) expect(text).not.toContain(shared);
});
