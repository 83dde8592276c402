/** The checks as aligned lines for people; a remedy stands under what it is for. */
import type { Paint } from "../paint.ts";
import { wrapText } from "../wrapText.ts";
import type { Check } from "./check.ts";

/** Fewer columns hold a word or two. */
const besideMin = 24;

export function renderDoctor(checks: readonly Check[], paint: Paint, columns: number): string {
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const beside = " ".repeat(` warn  ${" ".repeat(nameWidth)}  `.length);
  const isNarrow = columns - beside.length < besideMin;
  // Under the name where there is no room beside it.
  const indent = isNarrow ? " ".repeat(7) : beside;
  const wrap = (text: string): readonly string[] => wrapText(text, columns - indent.length);
  const lines = checks.flatMap(({ name, status, found, remedy }) => {
    const title = ` ${mark(status, paint)}  ${name}`;
    const padding = " ".repeat(nameWidth - name.length + 2);
    const head = isNarrow ? `${title}\n${indent}` : title + padding;
    const advice = remedy === null ? [] : wrap(remedy).map((line) => indent + paint.dim(line));
    return [head + wrap(found).join(`\n${indent}`), ...advice];
  });
  const words = wrapText(verdict(checks), columns - 1).map((line) => ` ${paint.bold(line)}`);
  return `${[...lines, "", ...words].join("\n")}\n`;
}

function mark(status: Check["status"], paint: Paint): string {
  if (status === "ok") return paint.green("ok  ");
  return status === "warn" ? paint.yellow("warn") : paint.red("fail");
}

function verdict(checks: readonly Check[]): string {
  const failed = checks.filter(({ status }) => status === "fail").length;
  const warned = checks.filter(({ status }) => status === "warn").length;
  const warnings = warned === 0 ? "" : ` ${count(warned, "thing")} could be better.`;
  if (failed === 0) return `This machine can run R3MES.${warnings}`;
  return `${count(failed, "thing")} must change before R3MES can run here.${warnings}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
