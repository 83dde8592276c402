/** The newest height, each time there is one. Heights that passed while somebody worked are skipped: only the newest matters. */
import type { ChainRpc } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { Clock, Logger, Shutdown } from "@r3mes/service";
import { isPassing } from "./isPassing.ts";
import { untilCaughtUp } from "./untilCaughtUp.ts";

export interface FollowHeightsDeps {
  readonly chainId: string;
  readonly rpc: Pick<ChainRpc, "status">;
  /** Throws if the chain is another one than before; if there, asked once a node that was behind has caught up. */
  readonly lookForKnownBlock?: () => Promise<unknown>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly shutdown: Pick<Shutdown, "signal">;
}

const pollMs = 250;

/**
 * Ends with the signal. A node that is gone or behind for a while is waited for; one of another chain, or of one begun anew, is an error.
 */
export async function* followHeights(
  deps: FollowHeightsDeps,
): AsyncGenerator<bigint, void, undefined> {
  const { signal } = deps.shutdown;
  let seen = 0n;
  let isAway = false;
  let isBehind = false;
  const caughtUp = async () => {
    const height = await newestHeight(deps, seen);
    await deps.lookForKnownBlock?.();
    return height;
  };
  while (!signal.aborted) {
    try {
      const height = await (isBehind ? untilCaughtUp(deps, caughtUp) : newestHeight(deps, seen));
      if (isAway) deps.log.info("node reached again");
      isAway = false;
      isBehind = false;
      if (height > seen) {
        seen = height;
        yield seen;
        continue;
      }
    } catch (error) {
      if (signal.aborted && error === signal.reason) return;
      if (!isBehind && wentBack(error)) {
        isBehind = true;
        continue;
      }
      if (!isPassing(error)) throw error;
      if (!isAway) deps.log.warn({ error }, "no height from the node; waiting for it");
      isAway = true;
    }
    await deps.clock.sleep(pollMs, signal);
  }
}

/** A node may be a block behind the one that was asked before. */
async function newestHeight({ chainId, rpc }: FollowHeightsDeps, seen: bigint): Promise<bigint> {
  const { chainId: actual, latestHeight } = await rpc.status();
  if (actual !== chainId) {
    throw new R3mesError({ code: "CHAIN_ID_WRONG", expected: chainId, actual });
  }
  if (latestHeight < seen - 1n) {
    throw new R3mesError({ code: "CHAIN_WENT_BACK", seen, latest: latestHeight });
  }
  return latestHeight;
}

function wentBack(error: unknown): boolean {
  return error instanceof R3mesError && error.code === "CHAIN_WENT_BACK";
}
