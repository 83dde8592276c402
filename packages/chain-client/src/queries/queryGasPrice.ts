/**
 * What the chain demands for each million units of gas, in uremes. Governance may change it at any block, and what pays less
 * is refused, so it is asked for whenever a transaction is signed.
 */
import { createClient } from "@connectrpc/connect";
import { Query } from "@r3mes/protocol/messages";
import type { ChainRpc } from "../rpc/chainRpc.ts";
import { queryTransport } from "./queryTransport.ts";

export async function queryGasPrice(rpc: ChainRpc): Promise<bigint> {
  const { params } = await createClient(Query, queryTransport(rpc)).params({});
  return params!.params!.block!.gasPriceMin;
}
