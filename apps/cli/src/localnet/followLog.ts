/** Reads the end of a log file, and goes on reading while it grows or is replaced. */
import { closeSync, openSync, readSync, statSync } from "node:fs";
import type { Clock } from "@r3mes/service";

const blockBytes = 64 * 1024;
const pollMs = 200;

/** The last complete lines of a file; what is missing is no lines. */
export function lastLinesOf(path: string, count: number): readonly string[] {
  const size = sizeOf(path);
  // Far longer lines than usual are read only in part; a log's end is for people.
  const from = Math.max(0, size - Math.max(blockBytes, count * 1_024));
  const lines = readFrom(path, from, size).split("\n");
  if (from > 0) lines.shift();
  if (lines.at(-1) === "") lines.pop();
  return count === 0 ? [] : lines.slice(-count);
}

/** Calls back with every new complete line until the signal is aborted. */
export async function followLog(
  path: string,
  onLine: (line: string) => void,
  deps: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  let read = sizeOf(path);
  let file = identityOf(path);
  let rest = "";
  while (!deps.signal.aborted) {
    await deps.clock.sleep(pollMs, deps.signal);
    const size = sizeOf(path);
    const now = identityOf(path);
    // The log was moved aside and begun anew.
    if (now !== file || size < read) read = 0;
    file = now;
    if (size === read) continue;
    const parts = (rest + readFrom(path, read, size)).split("\n");
    read = size;
    rest = parts.pop()!;
    parts.forEach(onLine);
  }
}

function readFrom(path: string, from: number, to: number): string {
  if (to <= from) return "";
  const file = openSync(path, "r");
  try {
    const bytes = new Uint8Array(to - from);
    const read = readSync(file, bytes, 0, bytes.length, from);
    return new TextDecoder().decode(bytes.subarray(0, read));
  } finally {
    closeSync(file);
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function identityOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.ino ?? 0;
}
