/** An error as people read it: what happened, the code, what is known, and what to do now. */
import type { ErrorReport, ReportedFact } from "@r3mes/protocol";
import { fitLine } from "./fitLine.ts";
import type { Paint } from "./paint.ts";
import { wrapText } from "./wrapText.ts";

const indent = "       ";

/**
 * ```
 * error  Port 26657 (rpc) is in use by nginx (process 812).
 *        PORT_IN_USE
 *  next  Stop that program, or let r3mes choose free ports: r3mes localnet
 *        --ports auto.
 * ```
 */
export function renderError(report: ErrorReport, paint: Paint, columns: number): string {
  const { nearest, lines, help, ...facts } = report.facts;
  const isSaid = (fact: ReportedFact): boolean => report.message.includes(describe(fact));
  const known = Object.entries(facts)
    .filter(([, fact]) => !isSaid(fact))
    .map(([name, fact]) => `${name} ${describe(fact)}`);
  // The whole of every line is in the log; here a cut line reads better than a wrapped one.
  const quoted = Array.isArray(lines)
    ? lines.map((line) => fitLine(`${indent}│ ${String(line)}`, columns))
    : [];
  const message = /[.!?]$/.test(report.message) ? report.message : `${report.message}.`;
  const wrap = (text: string): string =>
    wrapText(text, columns - indent.length).join(`\n${indent}`);
  return [
    `${paint.red("error")}  ${wrap(message)}`,
    paint.dim(`${indent}${wrap([report.code, ...known].join(" · "))}`),
    ...quoted.map(paint.dim),
    ...(nearest === undefined ? [] : [`${indent}Did you mean ${paint.bold(describe(nearest))}?`]),
    ` ${paint.cyan("next")}  ${wrap(help === undefined ? report.next : `Its form and examples: ${describe(help)}`)}`,
    "",
  ].join("\n");
}

function describe(fact: ReportedFact): string {
  return Array.isArray(fact) ? fact.map(describe).join(", ") : String(fact);
}
