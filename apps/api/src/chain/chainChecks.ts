/** What the API needs of the chain to get work: its node, and for pages that are not old an index that keeps up with it. */
import type { ChainRpc } from "@r3mes/chain-client";
import { chain, type Database } from "@r3mes/database";
import type { HealthCheck } from "@r3mes/service";

/** As many as the indexer counts as not ready. */
const lagBlocksMax = 20;

export function chainChecks(
  rpc: Pick<ChainRpc, "status">,
  { sql }: Pick<Database, "sql">,
): readonly HealthCheck[] {
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
        const [cursor] = await sql.select().from(chain.cursor);
        const height = cursor?.height ?? 0;
        const behind = Number(latestHeight) - height;
        if (behind > lagBlocksMax) throw new Error(`${behind} blocks behind the node`);
        return `height ${height}`;
      },
    },
  ];
}
