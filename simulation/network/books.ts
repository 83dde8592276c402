/** What somebody owns on the chain: coins, bonds, bonds on their way back, and rewards that can be withdrawn; in uremes. */
import type { Client } from "@connectrpc/connect";
import type { ChainRpc } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import type { Query } from "@r3mes/protocol/messages";
import { QueryBalanceRequest, QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";

export async function wealthOf(
  address: string,
  { query, rpc }: { readonly query: Client<typeof Query>; readonly rpc: ChainRpc },
): Promise<bigint> {
  const request = QueryBalanceRequest.encode({ address, denom: "uremes" }).finish();
  const { value } = await rpc.query("/cosmos.bank.v1beta1.Query/Balance", request, 0n);
  const coins = BigInt(QueryBalanceResponse.decode(value).balance?.amount ?? "0");
  const { amount: rewards } = await query.rewards({ owner: address });
  return coins + rewards + (await bonded(address, query));
}

async function bonded(owner: string, query: Client<typeof Query>): Promise<bigint> {
  try {
    const { bonds, unbondings } = await query.participant({ owner });
    return [...bonds, ...unbondings].reduce((sum, { amount }) => sum + amount, 0n);
  } catch (error) {
    if (error instanceof R3mesError && error.code === "PARTICIPANT_NOT_FOUND") return 0n;
    throw error;
  }
}
