import type { Finding, Rule } from "../rule.ts";

const catalogue = "spec/errors.json";
const sources = /^(packages|apps|tools|simulation)\/.*\.(ts|tsx|js)$/;
const raised = /\bcode:\s*"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)"/g;

export const errorCodes: Rule = {
  name: "error-codes",
  reason: "Every code that a person can meet has a title, a cause and a remedy in the catalogue.",
  find: (tree) => {
    const known = new Set(
      (JSON.parse(tree.get(catalogue) ?? "[]") as { code: string }[]).map((entry) => entry.code),
    );
    const findings: Finding[] = [];
    for (const [path, text] of tree) {
      if (!sources.test(path) || /\.test\.ts$|\/gen\/|^tools\/tidy\//.test(path)) continue;
      text.split("\n").forEach((line, index) => {
        for (const [, code = ""] of line.matchAll(raised)) {
          if (!known.has(code))
            findings.push({
              path,
              line: index + 1,
              what: `raises ${code}, which ${catalogue} lacks`,
            });
        }
      });
    }
    return findings;
  },
};
