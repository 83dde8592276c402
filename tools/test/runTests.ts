/**
 * Runs a table of runners one after another, shows what failed in full and what passed in a line,
 * and adds up what they found. Every program it starts is ended with it. Test files whose process the
 * JavaScript engine ended are run again once, and named: docs/adr/2026-11-27-crashes-of-the-engine.md.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createReport } from "../bootstrap/report.js";
import { readLastLines, runCommand } from "../bootstrap/runCommand.js";
import { countGo, newestOfGo } from "./countGo.ts";
import { type VitestAccount, withCrashes } from "./countVitest.ts";
import type { Run } from "./runs.ts";
import {
  type Account,
  accountOfOne,
  addTallies,
  closingLine,
  joinAccounts,
  type Tally,
  withFailureOfRunner,
} from "./tally.ts";
import { type Crash, lastWordsOfEngine, signalOfEngine } from "./vitestCrash.ts";
import { accountVariable, newestVariable } from "./vitestReporter.ts";

export type TestDeps = {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stream: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  /** Ends whatever runs; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  /** How often one hears what ended last where no terminal shows it; 30 s unless stated. */
  readonly heartbeatMs?: number;
};

type Outcome = {
  readonly account: Account;
  readonly output: string;
  /** What a person should hear of, although it may have ended well. */
  readonly remarks?: readonly string[];
};

/** Runs the table and prints everything but the closing line, which the caller prints last. */
export async function runTests(table: readonly Run[], deps: TestDeps): Promise<Tally> {
  const { heartbeatMs = 30_000 } = deps;
  const width = Math.max(...table.map(({ name }) => name.length));
  const report = createReport(deps.stream, { nameWidth: width, heartbeatMs });
  const accounts: Account[] = [];
  for (const run of table) {
    const end = report.begin(run.name, run.what, () => newestOf(run, deps));
    const {
      account,
      output,
      remarks = [],
    } = await execute(run, deps).catch((error) => {
      end("interrupted");
      throw error;
    });
    end(summarise(run, account));
    for (const remark of remarks) report.say("", remark);
    if (account.failed > 0) deps.stream.write(output.endsWith("\n") ? output : `${output}\n`);
    for (const { name, reason } of account.skips) report.say("", `skipped: ${name} (${reason})`);
    accounts.push(account);
  }
  const failures = accounts.flatMap((account) => account.failures);
  if (failures.length > 0)
    deps.stream.write(`\nFailed:\n${failures.map((name) => `  ${name}\n`).join("")}`);
  deps.stream.write("\n");
  return addTallies(accounts);
}

/** The test that ended last. A check has none, and what else its program prints is for the log. */
function newestOf(run: Run, deps: TestDeps): string {
  if (run.countedBy === "go") return newestOfGo(readLastLines(logPathOf(run, deps), 1_000));
  const path = newestPathOf(run, deps);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}

function summarise(run: Run, account: Account): string {
  if (run.countedBy !== "exit") return closingLine(account);
  return account.failed === 0 ? "passed" : "failed";
}

async function execute(run: Run, deps: TestDeps): Promise<Outcome> {
  if (run.countedBy === "vitest") return executeVitest(run, deps);
  const logPath = logPathOf(run, deps);
  const failure = await runToItsEnd(run, deps, logPath);
  const log = readFileSync(logPath, "utf8");
  if (run.countedBy === "exit") return { account: accountOfOne(run.name, failure), output: log };
  const { output, ...account } = countGo(log);
  return { account: withFailureOfRunner(account, run.name, failure), output };
}

async function executeVitest(run: Run, deps: TestDeps): Promise<Outcome> {
  rmSync(newestPathOf(run, deps), { force: true });
  const first = await executeVitestOnce(run, deps);
  const crashed = first.account.crashes.filter(({ signal }) => signal === signalOfEngine);
  if (crashed.length === 0) return { ...first, account: withCrashes(first.account) };
  const others = first.account.crashes.filter(({ signal }) => signal !== signalOfEngine);
  const second = await executeVitestOnce(onlyFiles(run, crashed), deps);
  return {
    account: joinAccounts(
      withCrashes({ ...first.account, crashes: others }),
      withCrashes(second.account),
    ),
    output: `${first.output}\n${second.output}`,
    remarks: [...crashed.map(remarkOn), ...lastWordsOfEngine(first.output)],
  };
}

const again = ":again";

function onlyFiles(run: Run, crashes: readonly Crash[]): Run {
  if (!("program" in run.command)) throw new Error(`${run.name} is no program`);
  const program = [...run.command.program, ...crashes.map(({ file }) => file)];
  return { ...run, name: `${run.name}${again}`, command: { program } };
}

function remarkOn({ file, signal }: Crash): string {
  return `run again: ${file}, because the JavaScript engine ended its process (${signal})`;
}

async function executeVitestOnce(
  run: Run,
  deps: TestDeps,
): Promise<{ readonly account: VitestAccount; readonly output: string }> {
  const logPath = logPathOf(run, deps);
  const accountPath = `${logPath}.json`;
  rmSync(accountPath, { force: true });
  const files = { [accountVariable]: accountPath, [newestVariable]: newestPathOf(run, deps) };
  const failure = await runToItsEnd(run, deps, logPath, files);
  const output = readFileSync(logPath, "utf8");
  if (!existsSync(accountPath)) {
    const account = accountOfOne(run.name, failure ?? "it left no counts");
    return { account: { ...account, crashes: [] }, output };
  }
  const account = JSON.parse(readFileSync(accountPath, "utf8")) as VitestAccount;
  const { crashes } = account;
  // A crash fails vitest as a whole, and is judged by whoever runs the file again.
  const complete = crashes.length > 0 ? account : withFailureOfRunner(account, run.name, failure);
  return { account: { ...complete, crashes }, output };
}

/** How the program failed, or null; running longer than it may is a failure too. */
async function runToItsEnd(
  run: Run,
  deps: TestDeps,
  logPath: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string | null> {
  const overdue = AbortSignal.timeout(run.minutesMax * 60_000);
  try {
    return await runCommand({
      command:
        "script" in run.command
          ? scriptCommand(run.command.script, deps.root)
          : run.command.program,
      folder: join(deps.root, run.folder),
      environment: { ...childEnvironment(deps), ...variables },
      logPath,
      signal: AbortSignal.any([deps.signal, overdue]),
    });
  } catch (error) {
    if (overdue.aborted && !deps.signal.aborted)
      return `took longer than ${run.minutesMax} minutes`;
    throw error;
  }
}

/** An npm script is run without npm between: a check is then as quick as its program. */
function scriptCommand(script: string, root: string): readonly string[] {
  const [name = "", args = ""] = script.split(" -- ");
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  if (typeof scripts[name] !== "string") throw new Error(`package.json has no script ${name}`);
  return ["sh", "-c", `${scripts[name]} ${args}`];
}

function childEnvironment({ root, environment }: TestDeps): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...rest } = environment;
  return {
    ...rest,
    PATH: [join(root, "node_modules/.bin"), environment.PATH].join(delimiter),
    NO_COLOR: "1",
    GOTOOLCHAIN: "local",
  };
}

/** One file for a run and for what of it is run again. */
function newestPathOf({ name }: Pick<Run, "name">, deps: TestDeps): string {
  return `${logPathOf({ name: name.replace(again, "") }, deps)}.newest`;
}

function logPathOf(run: Pick<Run, "name">, { root }: TestDeps): string {
  const folder = join(root, ".bootstrap/logs");
  mkdirSync(folder, { recursive: true });
  return join(folder, `test-${run.name.replaceAll(":", "-")}.log`);
}
