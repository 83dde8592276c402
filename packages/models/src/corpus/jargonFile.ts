/** The Jargon File as documents. */
import { cleanText } from "./cleanText.ts";
import type { SourceDocument } from "./document.ts";

/** Paragraphs of one document: about eight pages, so that a held-out document is a coherent piece of text. */
const PARAGRAPHS_PER_DOCUMENT = 40;

/**
 * The Jargon File as prose, from Debian's plain-text edition: its tables, drawings and lists of headings are left out.
 *
 * @param text the edition's `jargon.txt`
 * @returns documents of forty paragraphs, in reading order
 */
export function readJargonFile(text: string): SourceDocument[] {
  const paragraphs = withoutHeadingLists(paragraphsOf(text));
  const documents: SourceDocument[] = [];
  for (let first = 0; first < paragraphs.length; first += PARAGRAPHS_PER_DOCUMENT) {
    const piece = paragraphs.slice(first, first + PARAGRAPHS_PER_DOCUMENT);
    documents.push({ id: `part-${documents.length + 1}`, text: piece.join("\n\n") });
  }
  return documents;
}

function paragraphsOf(text: string): string[] {
  const paragraphs = text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u2500-\u257f]+/g, "")
    .split(/\n\s*\n/)
    .filter((block) => !isTable(block))
    .map((block) => cleanText(block.replace(/\s*\n\s*/g, " ")))
    .filter((paragraph) => paragraph !== "");
  const start = paragraphs.findIndex((line) => line.startsWith("This is the Jargon File"));
  return paragraphs.slice(Math.max(0, start));
}

/** A table or drawing has several runs of blanks in most of its lines; prose has at most its indent. */
function isTable(block: string): boolean {
  const lineBreaks = block.split("\n").length - 1;
  if (lineBreaks <= 2 || !/\S {4}/.test(block)) return false;
  return (block.match(/ {3,}\S/g) ?? []).length > lineBreaks * 1.5 + 3;
}

/** Six or more headings in a row are a table of contents. */
function withoutHeadingLists(paragraphs: readonly string[]): string[] {
  const kept: string[] = [];
  let headings: string[] = [];
  for (const paragraph of [...paragraphs, ""]) {
    if (paragraph !== "" && paragraph.length < 45 && !/[.:;?!]/.test(paragraph)) {
      headings.push(paragraph);
      continue;
    }
    if (headings.length < 6) kept.push(...headings);
    headings = [];
    if (paragraph !== "") kept.push(paragraph);
  }
  return kept;
}
