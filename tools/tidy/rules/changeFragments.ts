import type { Rule } from "../rule.ts";

export const changeFragments: Rule = {
  name: "change-fragments",
  reason: "A release folds fragments into the changelog by the heading that each begins with.",
  find: (tree) =>
    [...tree]
      .filter(([path]) => path.startsWith(".changes/") && path !== ".changes/README.md")
      .filter(
        ([path, text]) =>
          !/^\.changes\/\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$/.test(path) ||
          !/^(Protocol|Features|Internals): [^\n]+\.\n$/.test(text),
      )
      .map(([path]) => ({
        path,
        what: "is not .changes/YYYY-MM-DD-short-title.md with one sentence behind its heading",
      })),
};
