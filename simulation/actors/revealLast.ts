/**
 * A miner that works honestly and reveals last: it has seen the updates of all others by then, and everybody waits for it until the last blocks
 * that take a reveal at all, which costs it a part of its slot.
 */
import { listAll } from "@r3mes/chain-client";
import { DutyKind } from "@r3mes/protocol/messages";
import type { MinerDeps } from "../../apps/miner/src/minerDeps.ts";

/** What is sent at the first of them is in one of the next blocks. */
const sendBlocks = 3n;

export function revealLast(
  deps: MinerDeps,
  { rpc }: { readonly rpc: { status(): Promise<{ readonly latestHeight: bigint }> } },
): MinerDeps {
  const lastHeight = async (): Promise<bigint> => {
    const pools = await listAll(deps.query, "pools");
    const rounds = await Promise.all(pools.map(({ id }) => deps.query.pool({ id })));
    return rounds.reduce((last, { round }) => {
      const end = round?.lateRevealEndHeight ?? 0n;
      return end > last ? end : last;
    }, 0n);
  };
  return {
    ...deps,
    query: {
      ...deps.query,
      async duties(request) {
        const answer = await deps.query.duties(request);
        const { latestHeight } = await rpc.status();
        const isTime = latestHeight + sendBlocks >= (await lastHeight());
        const duties = answer.duties.filter(({ kind }) => kind !== DutyKind.REVEAL || isTime);
        return { ...answer, duties };
      },
    },
  };
}
