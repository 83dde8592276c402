/**
 * Brings text of any origin into one form, so that the same words become the same tokens.
 * Typographic quotes, dashes and blanks become ASCII; everything else a writer meant is kept.
 */
import { ASSIGNED } from "./assignedText.ts";

const ASCII_OF: ReadonlyMap<string, string> = new Map([
  ["\u2018", "'"],
  ["\u2019", "'"],
  ["\u201c", '"'],
  ["\u201d", '"'],
  ["\u2010", "-"],
  ["\u2011", "-"],
  ["\u2013", "-"],
  ["\u2212", "-"],
  ["\u2014", "--"],
  ["\u2026", "..."],
  ["\u00a0", " "],
  ["\t", " "],
  // A replacement character marks a letter that was lost before the text reached us.
  ["\ufffd", ""],
]);

const TYPOGRAPHIC = new RegExp(`[${[...ASCII_OF.keys()].join("")}]`, "gu");

// Controls, formats, surrogates and private use.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;

/**
 * @param text any text
 * @returns the text in NFC with line feeds only, single blanks, at most one empty line in a row, no blanks at line ends
 */
export function cleanText(text: string): string {
  return text
    .replace(ASSIGNED, printable)
    .replace(/ +/g, " ")
    .replace(/ ?\n ?/g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .replace(/^[\n ]+|[\n ]+$/g, "");
}

function printable(run: string): string {
  return run
    .normalize("NFC")
    .replace(/\r\n?/g, "\n")
    .replace(TYPOGRAPHIC, (character) => ASCII_OF.get(character) ?? "")
    .replace(UNPRINTABLE, (character) => (character === "\n" ? "\n" : ""));
}
