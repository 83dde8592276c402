/** Cuts long documents into pieces that can be split. */
import type { SourceDocument } from "./document.ts";

/** Characters after which a document is cut at its next empty line: about four pages. */
const PIECE_CHARACTERS = 8000;

/**
 * Cuts long documents at empty lines, or at line ends where there are none, so that a corpus of few large files can be split
 * too. Short documents stay whole.
 */
export function cutDocuments(documents: readonly SourceDocument[]): SourceDocument[] {
  return documents.flatMap((document) => {
    if (document.text.length < 2 * PIECE_CHARACTERS) return [document];
    const separator = document.text.includes("\n\n") ? "\n\n" : "\n";
    const pieces: string[] = [];
    let piece: string[] = [];
    let characters = 0;
    for (const paragraph of document.text.split(separator)) {
      piece.push(paragraph);
      characters += paragraph.length;
      if (characters < PIECE_CHARACTERS) continue;
      pieces.push(piece.join(separator));
      piece = [];
      characters = 0;
    }
    if (piece.length > 0) pieces.push(piece.join(separator));
    return pieces
      .filter((text) => text.trim() !== "")
      .map((text, i) => ({ id: `${document.id}#${i + 1}`, text: text.trim() }));
  });
}
