/**
 * Documents out of a folder of somebody's own text: each `.txt` file is a document, each line of a `.jsonl` file is one too
 * (an object with a `text`). Other files are no text and are refused by the caller.
 */
import { R3mesError } from "@r3mes/protocol";
import { cleanText } from "../corpus/cleanText.ts";
import type { SourceDocument } from "../corpus/document.ts";
import { decodeText } from "../text/decodeText.ts";

/** A file as it lies in the folder. */
export interface TextFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * @param files in any order; documents come out in the order of the names
 * @throws DATASET_TEXT_INVALID naming file and line, DATASET_EMPTY for a file without text
 */
export function readOwnText(files: readonly TextFile[]): SourceDocument[] {
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sorted.flatMap((file) => {
    const text = decodeText(file.bytes);
    if (text === undefined) {
      throw new R3mesError({ code: "DATASET_TEXT_INVALID", file: file.name });
    }
    const documents = file.name.endsWith(".jsonl")
      ? documentsOfLines(text, file.name)
      : [{ id: file.name, text: cleanText(text) }];
    const kept = documents.filter((document) => document.text !== "");
    if (kept.length === 0) throw new R3mesError({ code: "DATASET_EMPTY", file: file.name });
    return kept;
  });
}

function documentsOfLines(text: string, file: string): SourceDocument[] {
  return text.split("\n").flatMap((content, index) => {
    if (content.trim() === "") return [];
    const line = index + 1;
    let parsed: { readonly text?: unknown } | null;
    try {
      parsed = JSON.parse(content);
    } catch (cause) {
      throw new R3mesError({ code: "DATASET_TEXT_INVALID", file, line }, { cause });
    }
    if (typeof parsed?.text !== "string") {
      throw new R3mesError({ code: "DATASET_TEXT_INVALID", file, line });
    }
    return [{ id: `${file}:${line}`, text: cleanText(parsed.text) }];
  });
}
