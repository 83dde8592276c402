/** What vitest says of a worker process that died, as far as it is read here. */

export type Crash = {
  /** The file whose tests the process ran, from the root. */
  readonly file: string;
  readonly signal: string;
};

/** Vitest keeps neither the signal nor the file but in the words of an error's cause. */
const said =
  /^Worker exited unexpectedly with signal (SIG[A-Z0-9]+) during \w+ state while running test file (.+)$/;

/** Null for any other error. A process that ran several files names no one file, and stays an error like any other. */
export function crashOf(error: unknown, root: string): Crash | null {
  const cause = (error as { readonly cause?: { readonly message?: unknown } } | null)?.cause;
  const [, signal, path] = said.exec(String(cause?.message)) ?? [];
  if (signal === undefined || path === undefined) return null;
  return { file: path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path, signal };
}

/**
 * Only the JavaScript engine ends a process with this signal: where a check of its own fails, and where it meets code that it has given
 * back. Nothing of ours raises it, kernels in C included, whose faults are SIGSEGV, SIGBUS, SIGILL or SIGABRT.
 */
export const signalOfEngine = "SIGTRAP";

/** What an engine that ends its process prints last: the failed check, and where it stood. */
export function lastWordsOfEngine(log: string): readonly string[] {
  const lines = log.split("\n");
  const start = lines.findIndex((line) => /# Fatal (error in|process out of memory)/.test(line));
  return start < 0 ? [] : lines.slice(start, start + 40).filter((line) => line.trim() !== "");
}
