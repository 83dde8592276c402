/** How help is laid out: what a term means stands beside it where there is room, and under it on a narrow terminal. */
import { wrapText } from "./wrapText.ts";

/** Fewer columns hold a word or two, which nobody can read. */
const besideMin = 24;
const indent = 2;
const gap = 2;
const under = 6;

/** A term, `termWidth` columns to the longest of its list, and what it means. */
export function layTerm(
  term: string,
  termWidth: number,
  meaning: string,
  columns: number,
  paint: (text: string) => string = (text) => text,
): string {
  const head = " ".repeat(indent);
  if (meaning === "") return head + term;
  const beside = columns - indent - termWidth - gap;
  if (beside < besideMin) {
    const lines = wrapText(meaning, columns - under).map((line) => " ".repeat(under) + paint(line));
    return [head + term, ...lines].join("\n");
  }
  const next = `\n${" ".repeat(indent + termWidth + gap)}`;
  const padding = " ".repeat(Math.max(0, termWidth - term.length) + gap);
  return head + term + padding + wrapText(meaning, beside).map(paint).join(next);
}
