/** Whether the machine's clock can be right: against the newest block, or at least for sanity. */
import { clockAgainstBlock } from "@r3mes/service/command";
import { describeDuration } from "../describeDuration.ts";
import { type Check, fail, ok, warn } from "./check.ts";

/** The first day on which this program existed; no right clock shows an earlier one. */
const earliestMs = Date.UTC(2026, 10, 1);

const remedy = "Set the clock by the network: timedatectl set-ntp true.";

const standing =
  "If the height of npx r3mes localnet status stands still, it is the chain; else the clock.";

/** `blockTimeMs` is the time of the newest block of a running localnet, or null without one. */
export function checkClock(nowMs: number, blockTimeMs: number | null): Check {
  if (nowMs < earliestMs) return fail("clock", new Date(nowMs).toISOString(), remedy);
  if (blockTimeMs === null) {
    return ok("clock", `${new Date(nowMs).toISOString()}, not compared: no chain runs here`);
  }
  const { stands, byMs } = clockAgainstBlock(nowMs, blockTimeMs);
  const by = describeDuration(byMs);
  if (stands === "behind") return warn("clock", `${by} behind the newest block`, remedy);
  if (stands === "ahead") {
    return warn("clock", `${by} ahead of the newest block`, `${standing} ${remedy}`);
  }
  return ok("clock", "agrees with the newest block");
}
