/**
 * Tells a process apart from a later one that got the same number: by the time it was born.
 * A pid alone must never decide whether something is killed or taken over.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

export type ProcessIdentity = { readonly pid: number; readonly birth: string };

export function identify(pid: number): ProcessIdentity {
  return { pid, birth: processBirth(pid) ?? "gone" };
}

export function isAlive({ pid, birth }: ProcessIdentity): boolean {
  return processBirth(pid) === birth;
}

/** Null when there is no such process, or only its remains that nobody has collected. */
export function processBirth(pid: number): string | null {
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

function fromProc(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name stands in brackets and may hold anything; the fields behind it are plain.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return state === "Z" || state === "X" ? null : fields[18]!;
  } catch {
    return null;
  }
}

function fromPs(pid: number): string | null {
  try {
    const born = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return born.trim() || null;
  } catch {
    return null;
  }
}
