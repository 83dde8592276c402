/** What keeps a miner from leasing: told once to whoever reads its log, and kept for whoever shows it. */
import type { Logger } from "@r3mes/service";
import type { Look } from "./minerStatus.ts";

export interface Obstacles {
  /** Hears at each look which pools have no chunk that this device could train before its lease ends. */
  tooSlow(pools: readonly bigint[]): void;
  /** Hears before which height the chain gives this miner no lease. */
  paused(until: bigint): void;
  /** What stands at a height. */
  at(height: bigint): Pick<Look, "slowFor" | "pausedUntil">;
}

export function createObstacles({ log }: { readonly log: Pick<Logger, "warn"> }): Obstacles {
  let slowFor: readonly bigint[] = [];
  let pausedUntil = 0n;
  return {
    tooSlow(pools) {
      for (const pool of pools) {
        if (slowFor.includes(pool)) continue;
        log.warn({ pool: String(pool) }, "this device is too slow for the leases of this pool");
      }
      slowFor = pools;
    },
    paused(until) {
      if (until > pausedUntil) {
        const text = "this miner left chunks behind: the chain leases it none before this height";
        log.warn({ height: String(until) }, text);
      }
      pausedUntil = until;
    },
    at: (height) => ({ slowFor, pausedUntil: height < pausedUntil ? pausedUntil : null }),
  };
}
