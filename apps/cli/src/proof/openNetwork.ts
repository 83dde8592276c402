/** The network as a stranger reads it: a node of its chain, and its content by address. It signs nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type Client, createClient } from "@connectrpc/connect";
import { type ChainRpc, connectRpc, queryTransport } from "@r3mes/chain-client";
import { contentOf, keepConnected } from "@r3mes/participant";
import { R3mesError } from "@r3mes/protocol";
import { Query } from "@r3mes/protocol/messages";
import { createLogger, type Logger, systemClock } from "@r3mes/service";
import { ipfsStore } from "@r3mes/storage";
import type { ContentSource } from "@r3mes/training";
import { putGenesis } from "../founding/putGenesis.ts";
import { localnetPaths } from "../localnet/localnetPaths.ts";
import { readLiveRecord } from "../localnet/runRecord.ts";
import { type Network, readJoined } from "./joinedNetwork.ts";
import { openContentFolder } from "./openContentFolder.ts";
import { withShipped } from "./withShipped.ts";

type Chain = {
  readonly network: Network;
  readonly rpc: ChainRpc;
  readonly query: Client<typeof Query>;
  /** Asks the state that the chain had at a height. */
  readonly queryAt: (height: bigint) => Client<typeof Query>;
};

export type OpenedNetwork = Chain & {
  readonly content: ContentSource;
  readonly log: Logger;
  readonly close: () => Promise<void>;
};

/** The network that this home has joined, or its localnet. NETWORK_NOT_NAMED when there is neither. */
export function readNetwork(home: string): Network {
  const joined = readJoined(home);
  if (joined !== undefined) return joined;
  const { networkFile } = localnetPaths(home);
  if (!existsSync(networkFile)) throw new R3mesError({ code: "NETWORK_NOT_NAMED", home });
  return JSON.parse(readFileSync(networkFile, "utf8")) as Network;
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

export async function openNetwork(home: string): Promise<OpenedNetwork> {
  const chain = await openChain(home);
  const { network } = chain;
  const folder = openContentFolder(home);
  const isFresh = readdirSync(folder.path).length === 0;
  // It asks the peers that it dials, and nobody asks it.
  const store = await ipfsStore({
    folder: folder.path,
    listen: [],
    swarmKey: readFileSync(network.store.swarmKeyFile, "utf8"),
  });
  const closing = new AbortController();
  const log = createLogger(
    { name: "r3mes", level: "silent", format: "json" },
    { stream: process.stderr, clock: systemClock },
  );
  // A peer that is busy now is dialled again; what nobody has in the end is told by its address.
  const { signal } = closing;
  const connecting = keepConnected(store, network.store.peers, { clock: systemClock, log, signal });
  return {
    ...chain,
    content: isFresh ? withShipped(contentOf(store), () => putGenesis(store)) : contentOf(store),
    log,
    async close() {
      closing.abort();
      await connecting;
      chain.close();
      await store.close();
      folder.close();
    },
  };
}
