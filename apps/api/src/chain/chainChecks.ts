/** What the API needs of the chain to get work: its node, and for pages that are not old an index that keeps up with it. */
import type { ChainRpc } from "@r3mes/chain-client";
import { chain, type Database } from "@r3mes/database";
import { type Clock, clockAgainstBlock, type HealthCheck } from "@r3mes/service";

export interface ChainChecksDeps {
  readonly rpc: Pick<ChainRpc, "status">;
  readonly database: Pick<Database, "sql">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** As many as the indexer counts as not ready. */
const lagBlocksMax = 20;
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
        return agreement(clock.nowMs(), Number(latestTime / nsOfMs));
      },
    },
  ];
}

function agreement(nowMs: number, blockTimeMs: number): string {
  const { stands, byMs } = clockAgainstBlock(nowMs, blockTimeMs);
  const seconds = Math.round(byMs / 1_000);
  if (stands === "behind") throw new Error(`${seconds} s behind the newest block`);
  if (stands === "ahead") {
    throw new Error(`${seconds} s ahead of the newest block, or the chain stands still`);
  }
  return "agrees with the newest block";
}
