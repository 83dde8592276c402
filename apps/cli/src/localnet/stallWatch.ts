/**
 * Tells when a chain that answers makes no more blocks, and when it makes them again. A node whose consensus has failed goes on
 * answering, so only its height gives it away. The time in its blocks would not do: the clock of this machine may be wrong by hours.
 */
import type { LocalnetStatus } from "./localnetStatus.ts";

/** A height that lasts longer than this makes people wonder, whatever pace the localnet was given. */
export const stalledMs = 15_000;

/** To be asked with every status and the monotonic time; answers only when something changed. */
export function stallWatch(): (
  status: Pick<LocalnetStatus, "height">,
  monotonicMs: number,
) => "stalled" | "moving" | null {
  let seen: number | null = null;
  let sinceMs = 0;
  let isStalled = false;
  return ({ height }, monotonicMs) => {
    if (height !== seen) {
      seen = height;
      sinceMs = monotonicMs;
    }
    const before = isStalled;
    isStalled = height !== null && monotonicMs - sinceMs > stalledMs;
    if (isStalled === before) return null;
    return isStalled ? "stalled" : "moving";
  };
}
