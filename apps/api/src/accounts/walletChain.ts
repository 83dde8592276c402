/** What a wallet is told of this chain when it does not know it: where a node is reached, and what a transaction costs at least. */
import { createClient } from "@connectrpc/connect";
import {
  type ChainRpc,
  queryTransport,
  type WalletChainInfo,
  walletChainInfo,
} from "@r3mes/chain-client";
import { Query } from "@r3mes/protocol/messages";

export interface WalletNode {
  /** Addresses that a visitor's wallet can reach. */
  readonly rpc?: string | undefined;
  readonly rest?: string | undefined;
}

/** Null where no chain is followed, or no node is named that wallets may use. Throws NODE_UNREACHABLE. */
export async function walletChain(
  { rpc, rest }: WalletNode,
  node: ChainRpc | undefined,
): Promise<WalletChainInfo | null> {
  if (node === undefined || rpc === undefined || rest === undefined) return null;
  const [{ chainId }, { params }] = await Promise.all([
    node.status(),
    createClient(Query, queryTransport(node)).params({}),
  ]);
  return walletChainInfo({ chainId, rpc, rest, gasPriceMin: params!.params!.block!.gasPriceMin });
}
