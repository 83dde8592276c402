/** Lines of a board beside the label that they have in common; where one has no room there, all stand under it, in as many lines as it takes. */
import { stripVTControlCharacters } from "node:util";
import { wrapText } from "../wrapText.ts";

const labelWidth = 10;
const beside = labelWidth + 2;
const under = 3;
const gap = "  ";

/** Each row is parts that stand side by side and are broken apart only where one alone is too long. */
export function layRows(
  label: string,
  rows: readonly (readonly string[])[],
  columns: number,
  paint: (label: string) => string,
): string[] {
  const whole = rows.map((parts) => parts.join(gap));
  if (whole.every((line) => widthOf(line) <= columns - beside)) {
    return whole.map((line, i) => ` ${paint((i === 0 ? label : "").padEnd(labelWidth))} ${line}`);
  }
  const lines = rows.flatMap((parts) => layParts(parts, columns - under));
  return [` ${paint(label)}`, ...lines.map((line) => " ".repeat(under) + line)];
}

/** Parts side by side; those for which there is no room begin a line of their own. */
export function layParts(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const part of parts) {
    const longer = line === undefined ? part : `${line}${gap}${part}`;
    if (widthOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== undefined) lines.push(line);
    const indent = lines.length === 0 ? "" : gap;
    const wrapped = wrapText(part, columns - indent.length).map((words) => indent + words);
    lines.push(...wrapped.slice(0, -1));
    line = wrapped.at(-1)!;
  }
  return line === undefined ? lines : [...lines, line];
}

/** Colours take no room, nor does what pads the end of a line. */
function widthOf(line: string): number {
  return stripVTControlCharacters(line).trimEnd().length;
}
