/** Finds and removes repetition: whole documents, long paragraphs, and sentences that are held out elsewhere. */
import { UNASSIGNED } from "./assignedText.ts";
import type { SourceDocument } from "./document.ts";

/** Paragraphs of this many characters do not recur by chance; shorter ones (a refrain, a heading) are style. */
const PARAGRAPH_CHARACTERS_MIN = 200;

/** Sentences of this many characters are counted as overlap when two splits share them. */
const SENTENCE_CHARACTERS_MIN = 64;

/**
 * Drops documents that say the same words as an earlier one, long paragraphs that occurred before, and what is then empty.
 * The first occurrence is the one that stays.
 */
export function withoutDuplicates<D extends SourceDocument>(documents: readonly D[]): D[] {
  const texts = new Set<string>();
  const paragraphs = new Set<string>();
  const kept: D[] = [];
  for (const document of documents) {
    const words = wordsOf(document.text);
    if (words === "" || texts.has(words)) continue;
    texts.add(words);
    const lines = document.text.split("\n").filter((line) => {
      if (line.length < PARAGRAPH_CHARACTERS_MIN) return true;
      const paragraph = wordsOf(line);
      if (paragraphs.has(paragraph)) return false;
      paragraphs.add(paragraph);
      return true;
    });
    const text = lines
      .join("\n")
      .replace(/\n{3,}/g, "\n\n")
      .trim();
    if (text !== "") kept.push({ ...document, text });
  }
  return kept;
}

/** The long sentences of some documents, as a key for `withoutSentences`: letters and digits only, lower case. */
export function longSentencesOf(documents: readonly SourceDocument[]): Set<string> {
  const sentences = new Set<string>();
  for (const document of documents) {
    for (const sentence of sentencesOf(document.text)) {
      if (isLong(sentence)) sentences.add(wordsOf(sentence));
    }
  }
  return sentences;
}

/**
 * Removes every long sentence that stands in `excluded` from the documents: what was held out is then not trained on,
 * even where two authors quote the same passage.
 */
export function withoutSentences<D extends SourceDocument>(
  documents: readonly D[],
  excluded: ReadonlySet<string>,
): D[] {
  return documents
    .map((document) => {
      const sentences = sentencesOf(document.text);
      const kept = sentences.filter((text) => !isLong(text) || !excluded.has(wordsOf(text)));
      return kept.length === sentences.length
        ? document
        : {
            ...document,
            text: kept
              .join("")
              .replace(/\n{3,}/g, "\n\n")
              .trim(),
          };
    })
    .filter((document) => document.text !== "");
}

/** Cuts a text into sentences and lines without losing a character: the pieces joined are the text. */
function sentencesOf(text: string): string[] {
  return (
    text.match(/[^\n.!?]*(?:[.!?]+["')]*(?= |\n|$) ?|[.!?]+|\n+|$)/g)?.filter((s) => s !== "") ?? []
  );
}

function isLong(sentence: string): boolean {
  return sentence.trim().length >= SENTENCE_CHARACTERS_MIN;
}

function wordsOf(text: string): string {
  return text
    .replace(UNASSIGNED, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
