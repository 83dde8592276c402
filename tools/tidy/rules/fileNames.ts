import type { Rule } from "../rule.ts";

const vague = /^(utils?|helpers?|misc|common|new|old|v\d+|final|refactored|stuff|temp|tmp)$/i;

export const fileNames: Rule = {
  name: "file-names",
  reason: "A file is named for the one idea it holds; a vague name collects strangers.",
  find: (tree) =>
    [...tree.keys()]
      .filter(
        (path) => !/^(third_party|spec\/vectors)\/|\/gen\//.test(path) && !/(^|\/)v1\//.test(path),
      )
      .filter((path) =>
        path.split("/").some((part) => part.split(/[._-]/).some((word) => vague.test(word))),
      )
      .map((path) => ({ path, what: "has a name that says nothing" })),
};
