/** The explorer: what happened on the chain, read from the tables, and live. It writes nothing. */
import type { RoutePlugin } from "../apiServer.ts";
import type { ExplorerDeps } from "./explorerDeps.ts";
import { keepReplies } from "./keepReplies.ts";
import { addAdapterRoutes } from "./routes/adapterRoutes.ts";
import { addContentRoutes } from "./routes/contentRoutes.ts";
import { addDisputeRoutes } from "./routes/disputeRoutes.ts";
import { addLedgerRoutes } from "./routes/ledgerRoutes.ts";
import { addNetworkRoutes } from "./routes/networkRoutes.ts";
import { addParticipantRoutes } from "./routes/participantRoutes.ts";
import { addWorkRoutes } from "./routes/workRoutes.ts";
import { createFeed } from "./stream/createFeed.ts";
import { addStreamRoutes } from "./stream/streamRoutes.ts";

export function explorerRoutes(deps: ExplorerDeps): RoutePlugin {
  return async (server) => {
    server.addHook("onRequest", async ({ ip }) => deps.access?.read(ip));
    const feed = await createFeed(deps.database, server.log);
    server.addHook("onClose", () => feed.close());
    await server.register(async (reads: typeof server) => {
      keepReplies(reads, { ...deps, ...feed });
      addNetworkRoutes(reads, deps);
      addLedgerRoutes(reads, deps);
      addParticipantRoutes(reads, deps);
      addWorkRoutes(reads, deps);
      addAdapterRoutes(reads, deps);
      addDisputeRoutes(reads, deps);
    });
    addContentRoutes(server, deps);
    addStreamRoutes(server, feed);
  };
}
