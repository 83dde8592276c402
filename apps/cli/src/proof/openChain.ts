/** The chain of a network as a stranger reads it, by a node of it. What needs no content needs no content store, which takes a second to load. */
import { existsSync } from "node:fs";
import { type Client, createClient } from "@connectrpc/connect";
import { type ChainRpc, connectRpc, queryTransport } from "@r3mes/chain-client";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { readLiveRecord } from "../localnet/runRecord.ts";
import { type Network, readNetworkFile } from "../networkFile.ts";
import { readJoined } from "./joinedNetwork.ts";

export type Chain = {
  readonly network: Network;
  readonly rpc: ChainRpc;
  readonly query: Client<typeof Query>;
  /** Asks the state that the chain had at a height. */
  readonly queryAt: (height: bigint) => Client<typeof Query>;
};

/**
 * The network that this home has joined, or its localnet.
 *
 * @throws NETWORK_NOT_NAMED, NETWORK_FILE_INVALID
 */
export function readNetwork(home: string): Network {
  const joined = readJoined(home);
  if (joined !== undefined) return joined;
  const { networkFile } = localnetPaths(home);
  if (!existsSync(networkFile)) throw new R3mesError({ code: "NETWORK_NOT_NAMED", home });
  return readNetworkFile(networkFile);
}

/** Its chain alone, which is there at once. */
export async function openChain(home: string): Promise<Chain & { readonly close: () => void }> {
  const network = readNetwork(home);
  const rpc = await connectRpc(network.rpc);
  await rpc.status().catch((error: unknown) => {
    rpc.close();
    const isElsewhere = readJoined(home) !== undefined;
    throw isElsewhere || readLiveRecord(localnetPaths(home).runFile) !== null
      ? error
      : new R3mesError({ code: "LOCALNET_NOT_RUNNING", home }, { cause: error });
  });
  return {
    ...{ network, rpc },
    query: createClient(Query, queryTransport(rpc)),
    queryAt: (height) => createClient(Query, queryTransport(rpc, height)),
    close: () => rpc.close(),
  };
}
