/** Reads the event stream of `go test -json`. A package that fails without a failed test counts as one. */
import type { Account, Skip } from "./tally.ts";

type GoEvent = {
  readonly Action: string;
  readonly Package?: string;
  readonly Test?: string;
  readonly Output?: string;
  readonly FailedBuild?: string;
};

/** Every line of output that a person needs to see after a failure, besides the counts. */
export type GoAccount = Account & { readonly output: string };

/** A test or a package: what it printed, and how it ended if it did. */
type Entry = {
  readonly name: string;
  readonly isTest: boolean;
  text: string;
  end: string | null;
  note: string;
};

/** `log` is the standard output of `go test -json`; lines that are no events are kept as output. */
export function countGo(log: string): GoAccount {
  const entries = new Map<string, Entry>();
  let plain = "";
  for (const line of log.split("\n")) {
    const event = parseEvent(line);
    if (event === null) plain += line === "" ? "" : `${line}\n`;
    else if (event.Action === "build-output") plain += event.Output ?? "";
    else note(entries, event);
  }
  return accountOf([...entries.values()], plain);
}

/** The newest test that ended among these lines of the stream, or nothing. */
export function newestOfGo(lines: readonly string[]): string {
  for (const line of lines.toReversed()) {
    const { Action, Package, Test } = parseEvent(line) ?? {};
    if (Test !== undefined && ends.includes(Action ?? "")) return `${Package} ${Test}`;
  }
  return "";
}

const ends = ["pass", "fail", "skip"];

function parseEvent(line: string): GoEvent | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as GoEvent;
  } catch {
    // A test that prints to the standard output directly can break a line of the stream.
    return null;
  }
}

function note(entries: Map<string, Entry>, event: GoEvent): void {
  if (event.Package === undefined) return;
  const name = [event.Package, event.Test].filter((part) => part !== undefined).join(" ");
  const isTest = event.Test !== undefined;
  const entry = entries.get(name) ?? { name, isTest, text: "", end: null, note: "" };
  entries.set(name, entry);
  if (event.Action === "output") entry.text += event.Output ?? "";
  if (ends.includes(event.Action)) entry.end = event.Action;
  if (event.FailedBuild !== undefined) entry.note = "does not build";
}

function accountOf(entries: readonly Entry[], plain: string): GoAccount {
  const tests = entries.filter((entry) => entry.isTest);
  // A test without an end was running when its program died.
  const failedTests = tests.filter(({ end }) => end === "fail" || end === null);
  const failedPackages = entries.filter(
    ({ name, isTest, end }) =>
      !isTest &&
      end === "fail" &&
      !failedTests.some((failed) => failed.name.startsWith(`${name} `)),
  );
  const failed = [...failedTests, ...failedPackages];
  const packagesOfFailed = new Set(failed.map(({ name }) => name.split(" ")[0]));
  const packageOutput = entries.filter(({ name, isTest }) => !isTest && packagesOfFailed.has(name));
  const skipped = tests.filter(({ end }) => end === "skip");
  return {
    passed: tests.filter(({ end }) => end === "pass").length,
    failed: failed.length,
    skipped: skipped.length,
    failures: failed.map(describeFailed),
    skips: skipped.map(describeSkipped),
    output: plain + [...failedTests, ...packageOutput].map(({ text }) => text).join(""),
  };
}

function describeFailed({ name, isTest, end, note }: Entry): string {
  if (end === null) return `${name} (did not end)`;
  return isTest ? name : `${name} (${note || "failed outside its tests"})`;
}

/** The reason is what the test said first, which Go prints behind file and line. */
function describeSkipped({ name, text }: Entry): Skip {
  return { name, reason: /^\s+\S+\.go:\d+: (.*)$/m.exec(text)?.[1] ?? "no reason given" };
}
