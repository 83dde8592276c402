import type { Rule } from "../rule.ts";

const allowed = new Set([
  ".editorconfig",
  ".gitattributes",
  ".gitignore",
  ".npmrc",
  "ARCHITECTURE.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "LICENSE",
  "NOTICE",
  "README.md",
  "SECURITY.md",
  "biome.json",
  "buf.gen.go.yaml",
  "buf.gen.ts.yaml",
  "buf.yaml",
  "package-lock.json",
  "package.json",
  "tsconfig.base.json",
  "tsconfig.json",
  "vitest.config.ts",
  "vitest.integration.config.ts",
]);

const rooms = new Set([
  ".changes",
  ".ci",
  "apps",
  "chain",
  "deploy",
  "docs",
  "packages",
  "proto",
  "simulation",
  "spec",
  "third_party",
  "tools",
]);

export const rootFiles: Rule = {
  name: "root-files",
  reason:
    "The root is the first thing a stranger sees: only the named files and rooms stand there.",
  find: (tree) => {
    const strangers = new Set<string>();
    for (const path of tree.keys()) {
      const [first = "", rest] = path.split(/\/(.*)/s);
      if (!(rest === undefined ? allowed : rooms).has(first)) strangers.add(first);
    }
    return [...strangers].map((path) => ({
      path,
      what: "is not one of the root's files or rooms",
    }));
  },
};
