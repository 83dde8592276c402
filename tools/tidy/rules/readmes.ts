import type { Rule } from "../rule.ts";

const linesMax = 120;

export const readmes: Rule = {
  name: "readmes",
  reason: "Every package, app and room explains itself on one screen.",
  find: (tree) => {
    const rooms = new Set(["chain", "chain/x/remes", "spec", "spec/vectors", "tools"]);
    for (const path of tree.keys()) {
      const match = /^(packages|apps)\/[^/]+(?=\/package\.json$)/.exec(path);
      if (match !== null) rooms.add(match[0]);
    }
    return [...rooms].sort().flatMap((room) => {
      const path = `${room}/README.md`;
      const text = tree.get(path);
      if (text === undefined) return [{ path, what: "is missing" }];
      const lines = text.split("\n").length;
      return lines > linesMax
        ? [{ path, what: `has ${lines} lines; one screen is at most ${linesMax}` }]
        : [];
    });
  },
};
