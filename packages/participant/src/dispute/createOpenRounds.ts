/** Finds the rounds of which something is open still, however far others have run ahead of them. A pool that is over has none. */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import type { Query, Round } from "@r3mes/protocol/messages";
import { createLivePools } from "../createLivePools.ts";

/**
 * What `isOpen` has refused of a round that another follows, it must refuse for ever: such rounds before the first open one are asked for
 * once.
 */
export function createOpenRounds(query: Client<typeof Query>) {
  /** Of each pool the first round to ask for. */
  const first = new Map<bigint, number>();
  const livePools = createLivePools(query);
  return async (isOpen: (round: Round) => boolean): Promise<Round[]> => {
    const pools = await livePools();
    const live = new Set(pools.map(({ id }) => id));
    for (const id of first.keys()) if (!live.has(id)) first.delete(id);
    const found: Round[] = [];
    for (const { id, round: last } of pools) {
      const rounds = await roundsOf(query, id, first.get(id), last);
      const open = rounds.filter(isOpen);
      first.set(id, open[0]?.number ?? last);
      found.push(...open);
    }
    return found;
  };
}

/** All at the first look, then those from `first` on; no round follows the last one of a pool, which may be open as any other. */
async function roundsOf(
  query: Client<typeof Query>,
  poolId: bigint,
  first: number | undefined,
  last: number,
): Promise<Round[]> {
  if (first === undefined) {
    return listAll(query, "rounds", { poolId });
  }
  const rounds: Round[] = [];
  for (let number = first; number <= last; number += 1) {
    const { round } = await query.round({ poolId, number });
    if (round !== undefined) rounds.push(round);
  }
  return rounds;
}
