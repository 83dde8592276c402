import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { createPaint } from "./paint.ts";
import { buildProgram } from "./program.ts";
import { repository } from "./repository.ts";

/** Whatever shows a command to a person: texts of errors, sources of the product, documents but for dated ones and measurements. */
const shown = [
  "spec/errors.json",
  "{apps,packages}/*/src/**/*.{ts,tsx}",
  "{README,CONTRIBUTING,SECURITY}.md",
  "{apps,packages}/*/README.md",
  "docs/*.md",
];
const unseen = /\.(test|test-d|bench)\.tsx?$|^docs\/benchmarks\.md$/;

function program(): Command {
  const paint = createPaint({}, {});
  const stream = { write: () => {}, columns: 80 };
  const host = { env: {}, cwd: "/", stdin: {}, stdout: stream, stderr: stream };
  return buildProgram({ ...host, paint, errorPaint: paint }, () => {});
}

/** `r3mes` before a command, an option or a name to be filled in, as nobody can run it in a clone. */
function bareCommand(): RegExp {
  const names = program().commands.map((command) => command.name());
  return new RegExp(`(?<![\\w@/.-])(?<!npx )r3mes (?:--|\\$\\{|(?:${names.join("|")})\\b)`);
}

/** The node's program where no path leads to it: a clone has it in chain/bin alone. */
const bareNode = /(?<![\w/.-])remesd (?:comet|export|genesis|init|keys|query|start|status|tx)\b/;
/** A document that has its reader run this may name the program as it likes. */
const findable = "PATH=$PWD/chain/bin:$PATH";

/** Lines with a command that cannot be copied; what only readers of the source see may name it as it likes. */
function findBare(path: string, text: string): readonly string[] {
  const bare = bareCommand();
  const isSource = /\.tsx?$/.test(path);
  return text.split("\n").flatMap((line, index) => {
    if (isSource && /^\s*(\/\*|\*|\/\/)/.test(line)) return [];
    const isBare = bare.test(line) || (bareNode.test(line) && !text.includes(findable));
    return isBare ? [`${path}:${index + 1}: ${line.trim()}`] : [];
  });
}

test("every command that is shown can be copied as it stands", () => {
  const paths = globSync(shown, { cwd: repository }).filter((path) => !unseen.test(path));
  expect(paths).toContain("spec/errors.json");
  expect(paths).toContain("apps/cli/src/program.ts");
  const found = paths.flatMap((path) =>
    findBare(path, readFileSync(join(repository, path), "utf8")),
  );
  expect(found).toEqual([]);
});

test("a bare command is found, and a sentence about r3mes is not", () => {
  const bare = [
    "Run r3mes doctor.",
    "`r3mes localnet --reset`",
    '["r3mes --help", "all"]',
    `next  r3mes \${name}`,
    "List the pools with remesd query remes pools.",
  ];
  for (const line of bare) expect(findBare("a.ts", line)).toHaveLength(1);
  const fine = [
    "Run npx r3mes doctor.",
    "Let r3mes choose free ports; r3mes listens there.",
    "in .r3mes/miner and @r3mes/protocol",
    "List the pools with chain/bin/remesd query remes pools.",
    "where remesd is, remesd-1 or remesd queries",
    "/** `r3mes doctor`: looks at the machine. */",
  ];
  for (const line of fine) expect(findBare("a.ts", line)).toEqual([]);
  expect(findBare("a.md", `export ${findable}\nremesd status`)).toEqual([]);
});

test("every query of the chain that is shown is one that its program has", () => {
  const source = readFileSync(join(repository, "chain/x/remes/autocli.go"), "utf8");
  const known = [...source.matchAll(/command\(\s*"\w+", "([a-z-]+)"/g)].map(([, name]) => name);
  expect(known).toContain("referee-module");
  const texts = globSync(shown, { cwd: repository })
    .filter((path) => !unseen.test(path))
    .map((path) => readFileSync(join(repository, path), "utf8"));
  const named = [...texts.join("\n").matchAll(/remesd query remes ([a-z-]+)/g)];
  expect(named.length).toBeGreaterThan(8);
  expect(named.map(([, name]) => name).filter((name) => !known.includes(name))).toEqual([]);
});
