/** The King James Bible as documents. */
import { cleanText } from "./cleanText.ts";
import type { SourceDocument } from "./document.ts";

/**
 * The King James Bible by chapters, from the pretty-printed output of Debian's `bible` with one verse per line
 * (`bible -l 100000 gen1:1-rev22:21`): a chapter heading without indent, then indented verses with their numbers.
 */
export function readKingJamesBible(output: string): SourceDocument[] {
  const chapters: SourceDocument[] = [];
  let heading = "";
  let verses: string[] = [];
  const close = () => {
    if (verses.length > 0) chapters.push({ id: heading, text: [heading, ...verses].join("\n") });
    verses = [];
  };
  for (const line of output.split("\n")) {
    const verse = /^ +\d+ (.*)$/.exec(line);
    if (verse?.[1] !== undefined) {
      verses.push(cleanText(verse[1]));
    } else if (line.trim() !== "") {
      close();
      heading = cleanText(line);
    }
  }
  close();
  return chapters;
}
