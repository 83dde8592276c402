/** What the API needs of the chain to get work: its node, and for pages that are not old an index that keeps up with it. */
import type { ChainRpc } from "@r3mes/chain-client";
import { chain, type Database } from "@r3mes/database";
import type { Clock, HealthCheck } from "@r3mes/service";

export interface ChainChecksDeps {
  readonly rpc: Pick<ChainRpc, "status">;
  readonly database: Pick<Database, "sql">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** As many as the indexer counts as not ready. */
const lagBlocksMax = 20;
/** A block from so far ahead was made by validators whose clocks are right. */
const behindMsMax = 5_000;
/** A block older than this says that the clock is ahead, or that the chain stands still. */
const aheadMsMax = 60_000;
const nsOfMs = 1_000_000n;

export function chainChecks({ rpc, database, clock }: ChainChecksDeps): readonly HealthCheck[] {
  return [
    {
      name: "node",
      required: true,
      check: async () => `height ${(await rpc.status()).latestHeight}`,
    },
    {
      // Answers of the model wait for no index: without it the API is degraded, not unready.
      name: "index",
      required: false,
      check: async () => {
        const { latestHeight } = await rpc.status();
        const [cursor] = await database.sql.select().from(chain.cursor);
        const height = cursor?.height ?? 0;
        const behind = Number(latestHeight) - height;
        if (behind > lagBlocksMax) throw new Error(`${behind} blocks behind the node`);
        return `height ${height}`;
      },
    },
    {
      // Keys and sessions end by it, and gifts wait by it; the chain does without.
      name: "clock",
      required: false,
      check: async () => {
        const { latestTime } = await rpc.status();
        return agreement(clock.nowMs() - Number(latestTime / nsOfMs));
      },
    },
  ];
}

function agreement(aheadMs: number): string {
  const seconds = Math.round(Math.abs(aheadMs) / 1_000);
  if (aheadMs < -behindMsMax) throw new Error(`${seconds} s behind the newest block`);
  if (aheadMs > aheadMsMax) {
    throw new Error(`${seconds} s ahead of the newest block, or the chain stands still`);
  }
  return "agrees with the newest block";
}
