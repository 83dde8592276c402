/** The pools that train now. The chain forgets none, so that its first page is soon one of pools that have closed. */
import type { Client } from "@connectrpc/connect";
import { listAll } from "@r3mes/chain-client";
import { PoolStatus, type Query } from "@r3mes/protocol/messages";

export async function idsOfOpenPools(
  query: Pick<Client<typeof Query>, "pools">,
): Promise<bigint[]> {
  const pools = await listAll(query, "pools");
  return pools.filter(({ status }) => status === PoolStatus.OPEN).map(({ id }) => id);
}
