/** Every line of a text that matches a pattern, as findings of one file. */
import type { Finding } from "./rule.ts";

export function findLines(
  path: string,
  text: string,
  pattern: RegExp,
  what: (match: string) => string,
): Finding[] {
  const findings: Finding[] = [];
  text.split("\n").forEach((line, index) => {
    const match = pattern.exec(line);
    if (match !== null) findings.push({ path, line: index + 1, what: what(match[0].trim()) });
  });
  return findings;
}
