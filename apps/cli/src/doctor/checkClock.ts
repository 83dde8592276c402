/** Whether the machine's clock can be right: against the newest block, or at least for sanity. */
import { type Check, fail, ok, warn } from "./check.ts";

/** The first day on which this program existed; no right clock shows an earlier one. */
const earliestMs = Date.UTC(2026, 10, 1);
const skewMsMax = 5_000;
/** A localnet whose last block is older than this has stopped, and says nothing about the time. */
const blockAgeMsMax = 60_000;

const remedy = "Set the clock by the network: timedatectl set-ntp true.";

/** `blockTimeMs` is the time of the newest block of a running localnet, or null without one. */
export function checkClock(nowMs: number, blockTimeMs: number | null): Check {
  if (nowMs < earliestMs) return fail("clock", new Date(nowMs).toISOString(), remedy);
  if (blockTimeMs === null || nowMs - blockTimeMs > blockAgeMsMax) {
    return ok("clock", `${new Date(nowMs).toISOString()}, not compared: no chain runs here`);
  }
  const aheadMs = blockTimeMs - nowMs;
  if (aheadMs > skewMsMax) {
    const seconds = (aheadMs / 1_000).toFixed(1);
    return warn("clock", `${seconds} s behind the newest block`, remedy);
  }
  return ok("clock", "agrees with the newest block");
}
