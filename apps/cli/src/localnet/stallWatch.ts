/**
 * Tells when a chain that answers makes no more blocks, and when it makes them again. A node whose
 * consensus has failed goes on answering, so that only the age of its blocks gives it away.
 */
import type { LocalnetStatus } from "./localnetStatus.ts";

/** A block older than this makes people wonder, whatever pace the localnet was given. */
export const stalledMs = 15_000;

/** To be asked with every status; answers only when something changed. */
export function stallWatch(): (
  status: LocalnetStatus,
  nowMs: number,
) => "stalled" | "moving" | null {
  let isStalled = false;
  return ({ height, blockTimeMs }, nowMs) => {
    const before = isStalled;
    isStalled = height !== null && blockTimeMs !== null && nowMs - blockTimeMs > stalledMs;
    if (isStalled === before) return null;
    return isStalled ? "stalled" : "moving";
  };
}
