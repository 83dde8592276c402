/**
 * One process per folder, or per key. A file names the holder; what holds is a lock of the operating system on a file beside it, which
 * goes with its process and is seen from every container of the machine. Numbers of processes mean nothing there: each counts its own.
 */
import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { identify, isAlive, type ProcessIdentity } from "./processBirth.ts";

/**
 * Returns the function that gives the lock back. A lock that somebody alive holds is answered with
 * what `refusal` makes of the holder's number. Errors of the file system pass through.
 */
export function acquireLock(path: string, refusal: (pid: number) => Error): () => void {
  const own = `${path}.${randomUUID()}`;
  const identity = JSON.stringify(identify(process.pid));
  try {
    writeFileSync(own, identity, { mode: 0o600 });
    const letGo = hold(`${path}.guard`);
    if (letGo === null) throw refusal(parseHolder(readText(path))?.pid ?? 0);
    try {
      // Whoever looks sees the holder before or this one, whole.
      renameSync(own, path);
    } catch (error) {
      letGo();
      throw error;
    }
    return () => {
      if (readText(path) === identity) rmSync(path, { force: true });
      letGo();
    };
  } finally {
    rmSync(own, { force: true });
  }
}

/** Who holds the lock, or null when nobody alive does. */
export function lockHolder(path: string): ProcessIdentity | null {
  const holder = parseHolder(readText(path));
  return holder !== null && isAlive(holder) ? holder : null;
}

/** One that nobody refers to any more would be closed by the collector, and its lock given back. */
const held = new Set<DatabaseSync>();

/** Node locks no files; SQLite does, by the means of each system. Null while somebody else has it. The empty file stays: to remove it would race. */
function hold(guard: string): (() => void) | null {
  const database = new DatabaseSync(guard);
  try {
    // Of a file that it may only read SQLite locks nothing, and says so at the first write: this one is never committed.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; PRAGMA user_version = 1");
  } catch (error) {
    database.close();
    if ((error as { readonly errcode?: number }).errcode === busy) return null;
    throw error;
  }
  held.add(database);
  return () => {
    held.delete(database);
    database.close();
  };
}

const busy = 5;

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function parseHolder(text: string | null): ProcessIdentity | null {
  if (text === null) return null;
  try {
    const { pid, birth } = JSON.parse(text) as Partial<ProcessIdentity>;
    return Number.isInteger(pid) && typeof birth === "string" ? { pid: pid!, birth } : null;
  } catch {
    return null;
  }
}
