/**
 * The log of one process: a file that is kept from growing without end, and its last lines in
 * memory for the moment when the process dies. Two files of `bytesMax` hold the newest output.
 */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

export type ProcessLog = {
  readonly write: (chunk: Uint8Array) => void;
  /** The newest complete lines, oldest first. */
  readonly lastLines: () => readonly string[];
  readonly close: () => void;
};

export type LogOptions = { readonly bytesMax: number; readonly linesKept: number };

const defaults: LogOptions = { bytesMax: 16 * 2 ** 20, linesKept: 12 };
const lineCharactersMax = 400;

/** `onFailure` is called when the disk refuses a write; the process that logs goes on. */
export function openLog(
  path: string,
  onFailure: (error: unknown) => void,
  options: LogOptions = defaults,
): ProcessLog {
  let file = openSync(path, "a", 0o600);
  let bytes = fstatSync(file).size;
  let lines: readonly string[] = [];
  let rest = "";
  const decoder = new TextDecoder();

  return {
    write: (chunk) => {
      keepLines(decoder.decode(chunk, { stream: true }));
      try {
        if (bytes > 0 && bytes + chunk.length > options.bytesMax) rotate();
        writeSync(file, chunk);
        bytes += chunk.length;
      } catch (error) {
        onFailure(error);
      }
    },
    lastLines: () => (rest === "" ? lines : [...lines, rest].slice(-options.linesKept)),
    close: () => closeSync(file),
  };

  function rotate(): void {
    renameSync(path, `${path}.1`);
    const next = openSync(path, "a", 0o600);
    closeSync(file);
    file = next;
    bytes = 0;
  }

  function keepLines(text: string): void {
    const parts = (rest + text).split("\n");
    rest = parts.pop()!.slice(-lineCharactersMax);
    const cut = parts.map((line) => line.slice(0, lineCharactersMax));
    lines = [...lines, ...cut].slice(-options.linesKept);
  }
}
