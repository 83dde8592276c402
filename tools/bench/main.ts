/** `npm run --silent bench -- <name> …`: measures, and prints a table or, with --json, one object. */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { R3mesError } from "@r3mes/protocol";
import { describeMachine } from "./describeMachine.ts";
import { findBenches, loadBench } from "./findBenches.ts";
import { formatFigure, formatFigures } from "./formatFigures.ts";
import { type Figure, runContest } from "./runContest.ts";

const usage = `Usage: npm run --silent bench -- <name> … [--only <words>] [--json]
       npm run --silent bench -- --list

  --only <words>  measures what has these words in its name, and leaves out the rest
`;

const benches = findBenches(join(import.meta.dirname, "../.."));
const { values, positionals } = parseArgs({
  options: {
    json: { type: "boolean" },
    list: { type: "boolean" },
    help: { type: "boolean" },
    only: { type: "string", default: "" },
  },
  allowPositionals: true,
});

try {
  if (values.list) await list();
  else if (values.help || positionals.length === 0) process.stdout.write(usage);
  else await measure(positionals);
} catch (error) {
  if (!(error instanceof R3mesError)) throw error;
  process.stderr.write(`${error.code}: ${error.message}. ${error.next}\n`);
  process.exitCode = 2;
}

async function list(): Promise<void> {
  for (const [name, path] of benches) {
    process.stdout.write(`${name.padEnd(16)} ${(await loadBench(path)).about}\n`);
  }
}

async function measure(names: readonly string[]): Promise<void> {
  const machine = describeMachine();
  const paths = names.map(pathOf);
  const figures: Figure[] = [];
  for (const path of paths) {
    const { contests } = await loadBench(path);
    const wanted = (await contests()).filter(({ name }) => name.includes(values.only));
    for (const [done, contest] of wanted.entries()) {
      // A run of many minutes shows where it is, and loses nothing when it is interrupted.
      process.stderr.write(`[${done + 1} of ${wanted.length}] ${contest.name}\n`);
      const measured = await runContest(contest);
      for (const figure of measured) process.stderr.write(`  ${formatFigure(figure)}\n`);
      figures.push(...measured);
    }
  }
  if (figures.length === 0) {
    throw new R3mesError({
      code: "BENCH_UNKNOWN",
      bench: `${names.join(", ")} with "${values.only}" in the name of a contest`,
    });
  }
  const text = values.json
    ? `${JSON.stringify({ machine, figures })}\n`
    : formatFigures(machine, figures);
  // Contestants may leave servers and threads behind, which nobody needs any longer.
  process.stdout.write(text, () => process.exit());
}

function pathOf(name: string): string {
  const path = benches.get(name);
  if (path === undefined) throw new R3mesError({ code: "BENCH_UNKNOWN", bench: name });
  return path;
}
