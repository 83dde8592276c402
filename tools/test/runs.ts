/**
 * Everything `npm test` runs, in order. A name is a path of words: `npm test -- check` runs all
 * that begin with `check:`, `npm test -- chain:vet` just the one.
 */

export type Run = {
  readonly name: string;
  /** What a person sees while it runs. */
  readonly what: string;
  /** An npm script with arguments, or a program of its own. */
  readonly command: { readonly script: string } | { readonly program: readonly string[] };
  /** How it is counted: as one test, by our vitest reporter, or by the events of `go test -json`. */
  readonly countedBy: "exit" | "vitest" | "go";
  /** From the root. */
  readonly folder: string;
  readonly minutesMax: number;
};

export const runs: readonly Run[] = [
  check("check:format", "format and lint", "check:format"),
  check("check:types", "types", "check:types"),
  check("check:tidy", "house rules", "check:tidy"),
  check("check:imports", "import rules", "check:imports"),
  check("check:readmes", "examples in READMEs compile", "check:readmes"),
  check("check:generated:errors", "error tables are current", "gen:errors -- --check"),
  check("check:generated:limits", "limit tables are current", "gen:limits -- --check"),
  check("check:generated:proto", "protobuf code is current", "gen:proto -- --check"),
  check("check:generated:vectors", "vectors are current", "gen:vectors -- --check"),
  check("check:generated:api", "types of the API's records are current", "gen:api -- --check"),
  check("check:generated:kernels", "kernels are current", "kernels:check"),
  vitest("unit", "unit and property tests", "vitest.config.ts", 15),
  // With -trimpath, as in the bootstrap's build: Go's cache then serves both.
  chain("chain:vet", "go vet", "exit", ["go", "vet", "-trimpath", "./..."]),
  // Its tests alone, since all of `go vet` has just been run.
  chain("chain:test", "go test", "go", ["go", "test", "-trimpath", "-vet=off", "-json", "./..."]),
  vitest("integration", "tests with real processes", "tools/test/integration.config.ts", 60),
];

/** The runs that the words name, in the order of the table; all of them for no words. */
export function selectRuns(table: readonly Run[], words: readonly string[]): readonly Run[] {
  if (words.length === 0) return table;
  return table.filter(({ name }) => words.some((word) => isNamedBy(name, word)));
}

/** The first word that names no run. */
export function findUnknown(table: readonly Run[], words: readonly string[]): string | undefined {
  return words.find((word) => !table.some(({ name }) => isNamedBy(name, word)));
}

function isNamedBy(name: string, word: string): boolean {
  return name === word || name.startsWith(`${word}:`);
}

function check(name: string, what: string, script: string): Run {
  return { name, what, command: { script }, countedBy: "exit", folder: ".", minutesMax: 10 };
}

function vitest(name: string, what: string, config: string, minutesMax: number): Run {
  const reporters = ["--reporter=default", "--reporter=./tools/test/vitestReporter.ts"];
  const program = ["vitest", "run", `--config=${config}`, ...reporters];
  return { name, what, command: { program }, countedBy: "vitest", folder: ".", minutesMax };
}

function chain(
  name: string,
  what: string,
  countedBy: Run["countedBy"],
  program: readonly string[],
): Run {
  return { name, what, command: { program }, countedBy, folder: "chain", minutesMax: 30 };
}
