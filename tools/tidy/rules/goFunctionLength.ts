import type { Finding, Rule } from "../rule.ts";

const linesMax = 70;

export const goFunctionLength: Rule = {
  name: "go-function-length",
  reason: `A function that does not fit on a screen is two ideas: at most ${linesMax} lines (the app's wiring is a list, and exempt).`,
  find: (tree) => {
    const findings: Finding[] = [];
    for (const [path, text] of tree) {
      if (
        !/^chain\/.*\.go$/.test(path) ||
        /_test\.go$|\.pb(\.gw)?\.go$|_gen\.go$|^chain\/app\//.test(path)
      )
        continue;
      let began = 0;
      text.split("\n").forEach((line, index) => {
        if (/^func /.test(line)) began = index + 1;
        if (line === "}" && began > 0) {
          const lines = index + 1 - began - 1;
          if (lines > linesMax)
            findings.push({ path, line: began, what: `is a function of ${lines} lines` });
          began = 0;
        }
      });
    }
    return findings;
  },
};
