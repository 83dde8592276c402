import fc from "fast-check";
import { expect, test } from "vitest";
import { longSentencesOf, withoutDuplicates, withoutSentences } from "./deduplicate.ts";

const long = `${"The harpooneer leaped from the boat into the cold dark sea. ".repeat(5)}`.trim();
const document = (id: string, text: string) => ({ id, text });

test("of documents with the same words the first stays", () => {
  const kept = withoutDuplicates([
    document("a", "One, two."),
    document("b", "ONE two"),
    document("c", "x"),
  ]);
  expect(kept.map(({ id }) => id)).toEqual(["a", "c"]);
});

test("a long paragraph that occurred before is dropped, a short refrain is not", () => {
  const kept = withoutDuplicates([
    document("a", `${long}\nAmen.`),
    document("b", `b\n${long}\nAmen.`),
  ]);
  expect(kept[1]!.text).toBe("b\nAmen.");
});

test("a document that is nothing but duplicates disappears", () => {
  expect(withoutDuplicates([document("a", `a\n${long}`), document("b", long)])).toHaveLength(1);
});

test("excluded sentences go, the words around them stay as they were", () => {
  const sentence = "It was the whiteness of the whale that above all things appalled me.";
  const excluded = longSentencesOf([document("h", `${sentence} So.`)]);
  const [left] = withoutSentences([document("t", `He said: Yes. ${sentence} Then no.`)], excluded);
  expect(left!.text).toBe("He said: Yes. Then no.");
});

test("without anything to exclude no character of a text is lost", () => {
  const texts = fc.string({ unit: fc.constantFrom("a", " ", "\n", ".", '"', "?", "!", "\u00e9") });
  fc.assert(
    fc.property(texts, (text) => {
      const filled = `${text}x`;
      const [kept] = withoutSentences([document("a", filled)], new Set(["never"]));
      expect(kept!.text).toBe(filled);
    }),
  );
});
