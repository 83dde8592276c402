import { expect, test } from "vitest";
import { blankOut } from "./blankOut.ts";
import { rules } from "./rules/index.ts";

/** A small tree that keeps every house rule. */
const clean: Readonly<Record<string, string>> = {
  "README.md": "# R3MES\n\nSee [the architecture](ARCHITECTURE.md) and [the rooms](packages/).\n",
  "ARCHITECTURE.md": "# Architecture\n",
  "package.json": '{"name":"root","devDependencies":{"vitest":"5.1.1"}}',
  "tsconfig.base.json": '{"compilerOptions":{"lib":["ES2023"],"types":[]}}',
  "spec/README.md": "# Spec\n",
  "spec/vectors/README.md": "# Vectors\n",
  "spec/errors.json": '[{"code":"PORT_IN_USE"}]',
  "chain/README.md": "# Chain\n",
  "chain/x/remes/README.md": "# remes\n",
  "chain/x/remes/types/commit.go": "package types\n\nfunc Commit() int {\n\treturn 1 / 2\n}\n",
  "tools/README.md": "# Tools\n",
  "docs/adr/2026-11-22-integers.md": "# Integers\n",
  ".changes/2026-11-22-integers.md": "Features: training became exact.\n",
  "packages/protocol/package.json": '{"name":"@r3mes/protocol","dependencies":{"zod":"4.6.7"}}',
  "packages/protocol/README.md": "# protocol\n",
  "packages/protocol/tsconfig.json": "{}",
  "packages/protocol/src/hash/digest.ts":
    '/** Owns 1.5 things, says a comment. */\nimport { z } from "zod";\nexport const digest = [z, "0.5", 7n / 2n];\n',
  "packages/protocol/src/hash/digest.test.ts":
    'import { test } from "vitest";\ntest("x", () => {});\n',
  "apps/cli/package.json": '{"name":"r3mes"}',
  "apps/cli/README.md": "# r3mes\n",
  "apps/cli/src/main.ts": '/** The front door. */\nthrow { code: "PORT_IN_USE" };\n',
};

function findings(planted: Readonly<Record<string, string | null>>): Record<string, string[]> {
  const tree = new Map(Object.entries(clean));
  for (const [path, text] of Object.entries(planted)) {
    if (text === null) tree.delete(path);
    else tree.set(path, text);
  }
  const found: Record<string, string[]> = {};
  for (const rule of rules) {
    const hits = rule
      .find(tree)
      .map(({ path, line }) => (line === undefined ? path : `${path}:${line}`));
    if (hits.length > 0) found[rule.name] = hits;
  }
  return found;
}

test("a clean tree has no findings", () => {
  expect(findings({})).toEqual({});
});

const digest = "packages/protocol/src/hash/digest.ts";
const commit = "chain/x/remes/types/commit.go";
const header = "/** Owns digests. */\n";
const longFunction = `package types\n\nfunc Long() {\n${"\tx()\n".repeat(71)}}\n`;

const plants: readonly [string, Record<string, string | null>, string[]][] = [
  ["root-files", { "notes.txt": "", "scratch/a.md": "" }, ["notes.txt", "scratch"]],
  ["file-names", { "packages/protocol/src/utils.ts": header }, ["packages/protocol/src/utils.ts"]],
  ["module-headers", { [digest]: "export const digest = 1;\n" }, [`${digest}:1`]],
  ["readmes", { "apps/cli/README.md": null }, ["apps/cli/README.md"]],
  ["links", { "README.md": "[gone](docs/gone.md)\n[web](https://example.org)\n" }, ["README.md:1"]],
  ["unfinished-work", { [digest]: `${header}// ${"TO"}${"DO"} later\n` }, [`${digest}:2`]],
  [
    "unfinished-work",
    { "packages/protocol/src/hash/digest.test.ts": `test.${"only"}("x", () => {});\n` },
    ["packages/protocol/src/hash/digest.test.ts:1"],
  ],
  [
    "unfinished-work",
    {
      "chain/x/remes/types/commit_test.go":
        "package types\n\nfunc TestX(t *testing.T) { t.Skip() }\n",
    },
    ["chain/x/remes/types/commit_test.go:3"],
  ],
  ["machine-paths", { "README.md": "see /home/ada/r3mes\n" }, ["README.md:1"]],
  ["consensus-arithmetic", { [digest]: `${header}export const half = 0.5;\n` }, [`${digest}:2`]],
  [
    "consensus-arithmetic",
    { [digest]: `${header}export const now = Date.now();\n` },
    [`${digest}:2`],
  ],
  [
    "consensus-arithmetic",
    { [digest]: `${header}export const r = Math.sqrt(2);\n` },
    [`${digest}:2`],
  ],
  ["consensus-arithmetic", { [commit]: "package types\n\nvar share float64\n" }, [`${commit}:3`]],
  ["consensus-arithmetic", { [commit]: 'package types\n\nimport "math/rand"\n' }, [`${commit}:3`]],
  [
    "consensus-arithmetic",
    { [commit]: "package types\n\nvar now = time.Now()\n" },
    [`${commit}:3`],
  ],
  ["go-function-length", { [commit]: longFunction }, [`${commit}:3`]],
  [
    "error-codes",
    { "apps/cli/src/main.ts": '/** Door. */\nthrow { code: "NO_SUCH_CODE" };\n' },
    ["apps/cli/src/main.ts:2"],
  ],
  ["declared-imports", { [digest]: `${header}import { x } from "lodash/x";\n` }, [digest]],
  [
    "exact-pins",
    { "apps/cli/package.json": '{"name":"r3mes","dependencies":{"zod":"^4.0.0"}}' },
    ["apps/cli/package.json"],
  ],
  [
    "core-purity",
    { "packages/protocol/tsconfig.json": '{"compilerOptions":{"types":["node"]}}' },
    ["packages/protocol/tsconfig.json"],
  ],
  [
    "change-fragments",
    { ".changes/2026-11-22-faster.md": "Faster: it is faster.\n" },
    [".changes/2026-11-22-faster.md"],
  ],
  ["dated-decisions", { "docs/adr/001-integers.md": "# Integers\n" }, ["docs/adr/001-integers.md"]],
];
plants.forEach(([rule, planted, hits], index) => {
  test(`${rule} finds what is planted (${index + 1})`, () => {
    expect(findings(planted)).toEqual({ [rule]: hits });
  });
});

test("blanking out keeps code and the place of every character", () => {
  const source = 'a // 1.5\n"b\\"c" + `d\ne` /* f\n*/ g';
  const blanked = blankOut(source);
  expect(blanked.length).toBe(source.length);
  expect(blanked.replace(/ +/g, " ")).toBe("a \n + \n \n g");
});
