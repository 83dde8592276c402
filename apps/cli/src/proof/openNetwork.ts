/** The network as a stranger reads it: a node of its chain, and its content by address. It signs nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { contentOf, keepConnected } from "@r3mes/participant";
import { createLogger, type Logger, systemClock } from "@r3mes/service";
import { ipfsStore } from "@r3mes/storage";
import type { ContentSource } from "@r3mes/training";
import { putGenesis } from "../founding/putGenesis.ts";
import { type Chain, openChain } from "./openChain.ts";
import { openContentFolder } from "./openContentFolder.ts";
import { withShipped } from "./withShipped.ts";

export type OpenedNetwork = Chain & {
  readonly content: ContentSource;
  readonly log: Logger;
  readonly close: () => Promise<void>;
};

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
