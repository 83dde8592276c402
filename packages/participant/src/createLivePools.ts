/**
 * The pools that can still matter: those that train, and those that have closed while a sum of theirs may be disputed. The chain forgets
 * none, so that the others are most of them one day; each of those is asked about once.
 */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import { type Pool, PoolStatus, type Query } from "@r3mes/protocol/messages";

export function createLivePools(
  query: Pick<Client<typeof Query>, "pools" | "rounds">,
): () => Promise<Pool[]> {
  const over = new Set<bigint>();
  return async () => {
    const pools = await listAll(query, "pools");
    const live: Pool[] = [];
    for (const pool of pools) {
      if (over.has(pool.id)) continue;
      if (pool.status === PoolStatus.CLOSED && (await isSettled(query, pool))) over.add(pool.id);
      else live.push(pool);
    }
    return live;
  };
}

/** A pool closes once nothing that was handed in can be paid or fined any more. No sum is made after that, and no case opened again. */
async function isSettled(
  query: Pick<Client<typeof Query>, "rounds">,
  { id: poolId }: Pool,
): Promise<boolean> {
  const rounds = await listAll(query, "rounds", { poolId });
  return rounds.every(({ sumEndHeight, openCases }) => sumEndHeight === 0n && openCases === 0);
}
