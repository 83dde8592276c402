/** A disk that refuses, for tests on Linux: nothing else may write a file in the process at the same time. */
import { execFileSync } from "node:child_process";

/** The largest file that this process may write, in bytes: the nearest thing to a full disk that a test may have. */
export function limitFiles(bytes: number | "unlimited"): void {
  execFileSync("prlimit", ["--pid", String(process.pid), `--fsize=${bytes}:`]);
}
