/**
 * One process per folder, or per key. The lock is a file that names its holder; a lock whose holder
 * is dead is taken over.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { identify, isAlive, type ProcessIdentity } from "./processBirth.ts";

/**
 * Returns the function that gives the lock back. A lock that somebody alive holds is answered with
 * what `refusal` makes of the holder's number. Errors of the file system pass through.
 */
export function acquireLock(path: string, refusal: (pid: number) => Error): () => void {
  const own = `${path}.${process.pid}`;
  const identity = JSON.stringify(identify(process.pid));
  try {
    writeFileSync(own, identity, { mode: 0o600 });
    while (!tryLink(own, path)) removeStale(path, refusal);
  } finally {
    rmSync(own, { force: true });
  }
  return () => {
    if (readText(path) === identity) rmSync(path, { force: true });
  };
}

/** Who holds the lock, or null when nobody alive does. */
export function lockHolder(path: string): ProcessIdentity | null {
  const holder = parseHolder(readText(path));
  return holder !== null && isAlive(holder) ? holder : null;
}

// A link appears with its content at once, so that nobody sees a lock without a holder.
function tryLink(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function removeStale(path: string, refusal: (pid: number) => Error): void {
  const holder = lockHolder(path);
  if (holder !== null) throw refusal(holder.pid);
  const stale = readText(path);
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    // Another start took it over in between; the next look finds that one.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  // What was moved may be the fresh lock of a start that was quicker: then it goes back.
  if (readText(aside) !== stale) tryLink(aside, path);
  rmSync(aside, { force: true });
}

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
