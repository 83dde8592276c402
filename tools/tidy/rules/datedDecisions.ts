import type { Rule } from "../rule.ts";

export const datedDecisions: Rule = {
  name: "dated-decisions",
  reason: "Decisions are dated and named for what they decide; numbers collide between branches.",
  find: (tree) =>
    [...tree]
      .filter(([path]) => path.startsWith("docs/adr/") && path !== "docs/adr/README.md")
      .filter(
        ([path, text]) =>
          !/^docs\/adr\/\d{4}-\d{2}-\d{2}-[a-z0-9-]+\.md$/.test(path) || !/^# /.test(text),
      )
      .map(([path]) => ({ path, what: "is not docs/adr/YYYY-MM-DD-short-title.md with a title" })),
};
