/** Runs the real front door as a process of its own, for tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";

export type CliRun = {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Standard output as JSON lines; a line that is not complete yet is left out. */
  readonly events: () => readonly CliEvent[];
  /** Resolves with the first event that fits; rejects when the process ends before. */
  readonly event: (fits: (event: CliEvent) => boolean) => Promise<CliEvent>;
  /** The same of standard error, where progress is told. */
  readonly progress: (fits: (event: CliEvent) => boolean) => Promise<CliEvent>;
  readonly ended: Promise<CliEnd>;
};

export type CliEvent = { readonly [field: string]: unknown };

export type CliEnd = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
};

export type CliOptions = {
  readonly env?: { readonly [name: string]: string };
  readonly cwd?: string;
  /** The Node that runs the door; by default the one that runs the test. */
  readonly node?: string;
};

export const door = join(import.meta.dirname, "../../bin/r3mes.js");

export function startCli(argv: readonly string[], options: CliOptions = {}): CliRun {
  const child = spawn(options.node ?? process.execPath, [door, ...argv], {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<CliEnd>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return {
    child,
    pid: child.pid!,
    stdout: () => stdout,
    stderr: () => stderr,
    events: () => parseLines(stdout),
    event: (fits) => waitForEvent(() => parseLines(stdout).find(fits), child.stdout, ended),
    progress: (fits) => waitForEvent(() => parseLines(stderr).find(fits), child.stderr, ended),
    ended,
  };
}

/** Runs a command to its end. */
export function runCli(argv: readonly string[], options?: CliOptions): Promise<CliEnd> {
  return startCli(argv, options).ended;
}

/** Settings of the person who runs the tests must not decide how they end. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(R3MES_|NO_COLOR$)/.test(name));
  return Object.fromEntries(kept);
}

function parseLines(text: string): readonly CliEvent[] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as CliEvent);
}

function waitForEvent(
  find: () => CliEvent | undefined,
  stream: Readable,
  ended: Promise<CliEnd>,
): Promise<CliEvent> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const event = find();
      if (event !== undefined) resolve(event);
    };
    stream.on("data", look);
    look();
    void ended.then(({ stdout, stderr }) => {
      look();
      reject(new Error(`it ended without the event:\n${stdout}${stderr}`));
    });
  });
}
