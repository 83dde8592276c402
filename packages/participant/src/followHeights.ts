/** The newest height, each time there is one. Heights that passed while somebody worked are skipped: only the newest matters. */
import type { ChainRpc } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { Clock, Logger, Shutdown } from "@r3mes/service";
import { isPassing } from "./isPassing.ts";

export interface FollowHeightsDeps {
  readonly chainId: string;
  readonly rpc: Pick<ChainRpc, "status">;
  readonly clock: Clock;
  readonly log: Logger;
  readonly shutdown: Pick<Shutdown, "signal">;
}

const pollMs = 250;

/** Ends with the signal. A node that is gone for a while is waited for; one of another chain, or of one begun anew, is an error. */
export async function* followHeights(
  deps: FollowHeightsDeps,
): AsyncGenerator<bigint, void, undefined> {
  const { chainId } = deps;
  const { signal } = deps.shutdown;
  let seen = 0n;
  let isAway = false;
  while (!signal.aborted) {
    try {
      const status = await deps.rpc.status();
      if (status.chainId !== chainId) {
        throw new R3mesError({
          code: "CHAIN_ID_WRONG",
          expected: chainId,
          actual: status.chainId,
        });
      }
      if (isAway) deps.log.info("node reached again");
      isAway = false;
      if (status.latestHeight < seen - 1n) {
        throw new R3mesError({ code: "CHAIN_WENT_BACK", seen, latest: status.latestHeight });
      }
      if (status.latestHeight > seen) {
        seen = status.latestHeight;
        yield seen;
        continue;
      }
    } catch (error) {
      if (!isPassing(error)) throw error;
      if (!isAway) deps.log.warn({ error }, "no height from the node; waiting for it");
      isAway = true;
    }
    await deps.clock.sleep(pollMs, signal);
  }
}
