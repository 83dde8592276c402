/** The dashboard's built pages over the real API and the history of a real chain that was recorded. For tests of pages. */
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Database, openDatabase } from "@r3mes/database";
import { indexTo, type RecordedChain, recordedChain } from "@r3mes/history/testing";
import { createLogger, systemClock } from "@r3mes/service";
import { type ContentStore, memoryStore } from "@r3mes/storage";
import { defaultApiOptions } from "../apps/api/src/apiOptions.ts";
import { createApi } from "../apps/api/src/createApi.ts";
import { explorerRoutes } from "../apps/api/src/explorer/explorerRoutes.ts";
import { createServer } from "../apps/dashboard/src/server/createServer.ts";
import { publishDataset, publishModel } from "./publishModel.ts";

export const builtPages = join(import.meta.dirname, "../apps/dashboard/out");

export type OpenDashboard = {
  /** Where the pages are. */
  readonly origin: string;
  readonly node: RecordedChain;
  readonly database: Database;
  readonly store: ContentStore;
  /** Ends the API as a crash does, every connection cut; what it gives back starts it again at its address. */
  readonly crashApi: () => Promise<() => Promise<void>>;
  readonly close: () => Promise<void>;
};

/** `height` is the last block that is shown; the node has more. */
export async function openDashboard(height: number): Promise<OpenDashboard> {
  const log = createLogger(
    { name: "test", level: "silent", format: "json" },
    { stream: process.stderr, clock: systemClock },
  );
  const node = recordedChain("disputes");
  const store = memoryStore();
  // The recorded network trained this very model on this very dataset: their addresses are those that the chain names.
  const { vocabulary } = await publishModel(store, new Uint8Array(32));
  await publishDataset(store, vocabulary);
  const database = await openDatabase({ folder: null });
  await indexTo(height, node, database);
  const startApi = async (port: number) => {
    const started = await createApi(defaultApiOptions, {
      log,
      operations: async () => undefined,
      openai: async () => undefined,
      explorer: explorerRoutes({ database, rpc: node.rpc, content: store }),
    });
    await started.listen({ host: "127.0.0.1", port });
    return started;
  };
  let api = await startApi(0);
  const { port } = api.server.address() as AddressInfo;
  const pages = await createServer({ pages: builtPages, api: `http://127.0.0.1:${port}` }, { log });
  const origin = await pages.listen({ host: "127.0.0.1", port: 0 });
  return {
    origin,
    node,
    database,
    store,
    async crashApi() {
      const closed = api.close();
      api.server.closeAllConnections();
      await closed;
      return async () => {
        api = await startApi(port);
      };
    },
    async close() {
      await pages.close();
      await api.close();
      await database.close();
    },
  };
}
