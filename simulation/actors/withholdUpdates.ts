/**
 * Trains honestly and serves its auditors, and forgets all that it has once its round is summed: whoever sums has to have the update from
 * them, or make it.
 */
import { listAll } from "@r3mes/chain-client";
import { RoundPhase } from "@r3mes/protocol/messages";
import type { ContentStore } from "@r3mes/storage";
import type { MinerDeps } from "../../apps/miner/src/minerDeps.ts";

export function withholdUpdates(
  deps: MinerDeps,
  { store }: { readonly store: Pick<ContentStore, "keepOnly"> },
): MinerDeps {
  return {
    ...deps,
    collect: () => async () => {
      if (await isSumming(deps)) await store.keepOnly([]);
    },
  };
}

async function isSumming({ query }: MinerDeps): Promise<boolean> {
  const pools = await listAll(query, "pools");
  const rounds = await Promise.all(pools.map(({ id }) => query.pool({ id })));
  return rounds.some(({ round }) => round?.phase === RoundPhase.AGGREGATION);
}
