import { posix } from "node:path";
import type { Finding, Rule } from "../rule.ts";

export const links: Rule = {
  name: "links",
  reason: "A link in the documentation leads somewhere.",
  find: (tree) => {
    const folders = new Set<string>();
    for (const path of tree.keys()) {
      for (let dir = posix.dirname(path); dir !== "."; dir = posix.dirname(dir)) folders.add(dir);
    }
    const findings: Finding[] = [];
    for (const [path, text] of tree) {
      if (!path.endsWith(".md") || path.startsWith("third_party/")) continue;
      text.split("\n").forEach((line, index) => {
        for (const [, target = ""] of line.matchAll(/\]\(([^)\s]+)\)/g)) {
          if (/^([a-z]+:|#)/.test(target)) continue;
          const file = posix
            .normalize(posix.join(posix.dirname(path), target.split("#")[0] ?? ""))
            .replace(/\/$/, "");
          if (!tree.has(file) && !folders.has(file)) {
            findings.push({
              path,
              line: index + 1,
              what: `links to ${target}, which is not there`,
            });
          }
        }
      });
    }
    return findings;
  },
};
