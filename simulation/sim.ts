/**
 * `npm run --silent sim -- --seed 1 --rounds 3 --json`: simulates the whole network and says whether all that must hold has held. What
 * fails prints one command that plays it again.
 */
import module from "node:module";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cheatIncomes, finedOf } from "./network/outcome.ts";
import type { SimulationReport } from "./network/simulate.ts";
import { simulateSeeds, type ThreadedOptions } from "./network/simulateSeeds.ts";
import { readOptions } from "./readOptions.ts";

const usage = `Usage: npm run --silent sim -- [options]

Simulates the whole network from a seed and says whether all that must hold has held.

  --seed <n>                 the first seed (1)
  --seeds <n>                how many in a row (1)
  --rounds <n>               rounds of the pool (3)
  --preset <name>            a cast: default, byzantine, calm; what is named beside it is used instead
  --miners <n>               honest and cheating ones (3)
  --verifiers <n>            honest and cheating ones (5)
  --cheating-miners <n>      of the miners (1)
  --cheating-verifiers <n>   of the verifiers (1)
  --faults <n>               failures in each thousand blocks (100)
  --jobs <n>                 seeds beside each other, each on a thread and a keeper of its own (one for each core)
  --json                     one line for each seed, and one for all of them
  --log                      every event of the run
  --help                     this text
`;

type Name = keyof typeof numbers;
type Numbers = Readonly<Record<Name, number>>;

const numbers = {
  /** The first seed, and how many in a row. */
  seed: 1,
  seeds: 1,
  rounds: 3,
  miners: 3,
  verifiers: 5,
  "cheating-miners": 1,
  "cheating-verifiers": 1,
  /** Failures in each thousand blocks. */
  faults: 100,
} as const;
const names = Object.keys(numbers) as Name[];

/** Casts by name; what is named beside one is used instead. */
const presets: Readonly<Record<string, Partial<Numbers>>> = {
  default: {},
  /** 30 % of the miners cheat, and one verifier of five. */
  byzantine: { miners: 10, "cheating-miners": 3 },
  calm: { miners: 2, verifiers: 3, "cheating-miners": 0, "cheating-verifiers": 0, faults: 0 },
};

const { values, refuse, wholeNumber } = readOptions(usage, {
  ...(Object.fromEntries(names.map((name) => [name, { type: "string" }])) as Record<
    Name,
    { type: "string" }
  >),
  preset: { type: "string", default: "default" },
  jobs: { type: "string" },
  json: { type: "boolean", default: false },
  /** Prints the event log of the run. */
  log: { type: "boolean", default: false },
});

if (!Object.hasOwn(presets, values.preset)) {
  refuse(`--preset is ${Object.keys(presets).join(", ")}, not ${values.preset}`);
}
const preset: Numbers = { ...numbers, ...presets[values.preset] };

const asked = Object.fromEntries(
  names.map((name) => [name, wholeNumber(name, preset[name])]),
) as Numbers;

/** Whatever differs from what is used unasked, so that the line says no more than it has to. */
function replayCommand(seed: number): string {
  const named = values.preset === "default" ? "" : ` --preset ${values.preset}`;
  const changed = names.filter(
    (name) => name !== "seed" && name !== "seeds" && asked[name] !== preset[name],
  );
  const rest = changed.map((name) => ` --${name} ${asked[name]}`).join("");
  return `npm run --silent sim -- --seed ${seed}${named}${rest} --log`;
}

function optionsOf(seed: number): ThreadedOptions {
  return {
    seed,
    rounds: asked.rounds,
    miners: asked.miners,
    verifiers: asked.verifiers,
    cheatingMiners: Math.min(asked["cheating-miners"], asked.miners),
    cheatingVerifiers: Math.min(asked["cheating-verifiers"], asked.verifiers),
    faultsPerMille: asked.faults,
  };
}

function summary(reports: readonly SimulationReport[]) {
  const sum = (
    field: "rounds" | "adapters" | "blocks" | "faults" | "honestSlashed" | "trainedAgain",
  ) => reports.reduce((all, report) => all + report[field], 0);
  return {
    ok: reports.length > 0 && reports.every(({ ok }) => ok),
    rounds: sum("rounds"),
    blocks: sum("blocks"),
    faults: sum("faults"),
    honestSlashed: sum("honestSlashed"),
    cheatIncome: reports.reduce((all, { cheatIncome }) => all + cheatIncome, 0n),
    /** Fines of honest processes for what they could not do, by what that was and what kept them from it. */
    excused: counted(reports.flatMap(({ excused }) => Object.entries(excused))),
    /** Rounds that made a new version. */
    adapters: sum("adapters"),
    /** Chunks that were trained again because nobody offered their update. */
    trainedAgain: sum("trainedAgain"),
    cheats: cheatIncomes(reports.flatMap(({ outcomes }) => outcomes)),
  };
}

function counted(counts: readonly (readonly [string, number])[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [reason, count] of [...counts].sort()) all[reason] = (all[reason] ?? 0) + count;
  return all;
}

/** What one seed has given, with the hash by which a repetition is known. */
function ofSeed(report: SimulationReport) {
  const { seed, logHash, failures } = report;
  return { seed, ...summary([report]), logHash, ...(failures.length > 0 ? { failures } : {}) };
}

function print(result: object): void {
  const text = JSON.stringify(result, (_key, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
  process.stdout.write(`${text}\n`);
}

function show(report: SimulationReport): void {
  const { seed, rounds, adapters, blocks, faults, failures, outcomes } = report;
  if (values.json) {
    if (asked.seeds > 1) print(ofSeed(report));
  } else {
    process.stdout.write(
      `seed ${seed}: ${rounds} rounds, ${adapters} adapters, ${blocks} blocks, ${faults} faults\n`,
    );
    for (const outcome of outcomes) {
      const { name, change, credited } = outcome;
      process.stdout.write(
        `  ${name}: ${change} uremes (earned ${credited}, fined ${finedOf(outcome)})\n`,
      );
    }
  }
  for (const failure of failures) process.stderr.write(`seed ${seed}: ${failure}\n`);
  if (failures.length > 0) process.stderr.write(`again: ${replayCommand(seed)}\n`);
}

const root = join(import.meta.dirname, "..");
// The threads that simulate find it, too: compiling what they load takes as long as a round.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules/.cache/r3mes");
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);

const runs = Array.from({ length: asked.seeds }, (_, i) => optionsOf(asked.seed + i));
const plan = {
  binary: join(root, "chain/bin/remesim"),
  // Events of one seed after another, where somebody reads them.
  jobs: values.log ? 1 : wholeNumber("jobs", availableParallelism(), 1),
  ...(values.log ? { onLine: (line: string) => process.stdout.write(`${line}\n`) } : {}),
};
const reports: SimulationReport[] = [];
for await (const report of simulateSeeds(runs, plan)) {
  reports.push(report);
  show(report);
}
const found = summary(reports);
print(reports.length === 1 ? ofSeed(reports[0]!) : { ...found, seeds: reports.length });
process.exit(found.ok ? 0 : 1);
