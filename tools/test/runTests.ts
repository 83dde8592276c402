/**
 * Runs a table of runners one after another, shows what failed in full and what passed in a line,
 * and adds up what they found. Every program it starts is ended with it.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createReport } from "../bootstrap/report.js";
import { readLastLines, runCommand } from "../bootstrap/runCommand.js";
import { countGo } from "./countGo.ts";
import type { Run } from "./runs.ts";
import {
  type Account,
  accountOfOne,
  addTallies,
  closingLine,
  type Tally,
  withFailureOfRunner,
} from "./tally.ts";
import { accountVariable } from "./vitestReporter.ts";

export type TestDeps = {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stream: { write(text: string): unknown; isTTY?: boolean; columns?: number };
  /** Ends whatever runs; the call then rejects with the signal's reason. */
  readonly signal: AbortSignal;
};

type Outcome = { readonly account: Account; readonly output: string };

/** Runs the table and prints everything but the closing line, which the caller prints last. */
export async function runTests(table: readonly Run[], deps: TestDeps): Promise<Tally> {
  const width = Math.max(...table.map(({ name }) => name.length));
  const report = createReport(deps.stream, { nameWidth: width, heartbeatMs: 30_000 });
  const accounts: Account[] = [];
  for (const run of table) {
    const lastLine = () => readLastLines(logPathOf(run, deps), 1)[0] ?? "";
    const end = report.begin(run.name, run.what, lastLine);
    const { account, output } = await execute(run, deps).catch((error) => {
      end("interrupted");
      throw error;
    });
    end(summarise(run, account));
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

function summarise(run: Run, account: Account): string {
  if (run.countedBy !== "exit") return closingLine(account);
  return account.failed === 0 ? "passed" : "failed";
}

async function execute(run: Run, deps: TestDeps): Promise<Outcome> {
  const logPath = logPathOf(run, deps);
  const accountPath = `${logPath}.json`;
  rmSync(accountPath, { force: true });
  const failure = await runToItsEnd(run, deps, logPath, accountPath);
  const log = readFileSync(logPath, "utf8");
  if (run.countedBy === "exit") return { account: accountOfOne(run.name, failure), output: log };
  if (run.countedBy === "go") {
    const { output, ...account } = countGo(log);
    return { account: withFailureOfRunner(account, run.name, failure), output };
  }
  if (!existsSync(accountPath)) {
    return { account: accountOfOne(run.name, failure ?? "it left no counts"), output: log };
  }
  const account = JSON.parse(readFileSync(accountPath, "utf8")) as Account;
  return { account: withFailureOfRunner(account, run.name, failure), output: log };
}

/** How the program failed, or null; running longer than it may is a failure too. */
async function runToItsEnd(
  run: Run,
  deps: TestDeps,
  logPath: string,
  accountPath: string,
): Promise<string | null> {
  const overdue = AbortSignal.timeout(run.minutesMax * 60_000);
  try {
    return await runCommand({
      command:
        "script" in run.command
          ? scriptCommand(run.command.script, deps.root)
          : run.command.program,
      folder: join(deps.root, run.folder),
      environment: childEnvironment(deps, accountPath),
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

function childEnvironment({ root, environment }: TestDeps, accountPath: string): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...rest } = environment;
  return {
    ...rest,
    PATH: [join(root, "node_modules/.bin"), environment.PATH].join(delimiter),
    NO_COLOR: "1",
    GOTOOLCHAIN: "local",
    [accountVariable]: accountPath,
  };
}

function logPathOf(run: Run, { root }: TestDeps): string {
  const folder = join(root, ".bootstrap/logs");
  mkdirSync(folder, { recursive: true });
  return join(folder, `test-${run.name.replaceAll(":", "-")}.log`);
}
