/** An error as people read it: what happened, the code, what is known, and what to do now. */
import type { ErrorReport, ReportedFact } from "@r3mes/protocol";
import type { Paint } from "./paint.ts";

/**
 * ```
 * error  Port 26657 (RPC) is in use by nginx (process 812).
 *        PORT_IN_USE
 *  next  Stop that program, or let r3mes choose free ports: r3mes localnet --ports auto.
 * ```
 */
export function renderError(report: ErrorReport, paint: Paint): string {
  const { nearest, lines, ...facts } = report.facts;
  const known = Object.entries(facts).filter(([, fact]) => !report.message.includes(String(fact)));
  const code = [report.code, ...known.map(([name, fact]) => `${name} ${describe(fact)}`)];
  const quoted = Array.isArray(lines) ? lines.map((line) => `       │ ${String(line)}`) : [];
  return [
    `${paint.red("error")}  ${report.message}${/[.!?]$/.test(report.message) ? "" : "."}`,
    paint.dim(`       ${code.join(" · ")}`),
    ...quoted.map(paint.dim),
    ...(nearest === undefined ? [] : [`       Did you mean ${paint.bold(describe(nearest))}?`]),
    ` ${paint.cyan("next")}  ${report.next}`,
    "",
  ].join("\n");
}

function describe(fact: ReportedFact): string {
  return Array.isArray(fact) ? fact.map(describe).join(", ") : String(fact);
}
