/** How far the index has come, the network at a glance, and the way from a word to a record. */
import { chain, type Sql } from "@r3mes/database";
import { z } from "zod";
import type { ApiServer } from "../../apiServer.ts";
import { addRead } from "../addRead.ts";
import type { ExplorerDeps } from "../explorerDeps.ts";
import { readNetwork } from "../readNetwork.ts";
import { network, searchHit, status } from "../schemas/network.ts";
import { search } from "../search.ts";

const tags = ["explorer"];

export function addNetworkRoutes(server: ApiServer, deps: ExplorerDeps): void {
  server.get(
    "/status",
    {
      schema: {
        tags,
        summary: "How far the index has come, and how far the chain is ahead",
        response: { 200: status },
      },
    },
    (_request, reply) => {
      reply.header("cache-control", "no-store");
      return readStatus(deps);
    },
  );

  addRead(
    server,
    "/network",
    { summary: "The network at a glance", reply: network },
    async () => (await readNetwork(deps.database.sql, {}))[0]!,
  );

  server.get(
    "/search",
    {
      schema: {
        tags,
        summary: "Records that an id, an address, a hash or a name leads to",
        querystring: z.object({ q: z.string().trim().min(1).max(128) }),
        response: { 200: z.object({ hits: z.array(searchHit) }).meta({ id: "SearchResult" }) },
      },
    },
    async ({ query: { q } }) => ({ hits: await search(deps.database.sql, q) }),
  );
}

async function readStatus({ database, rpc }: ExplorerDeps): Promise<z.infer<typeof status>> {
  const cursor = await readCursor(database.sql);
  // A node that is away is no failure of the explorer: what it would say is unknown.
  const node = await rpc?.status().catch(() => undefined);
  const chainHeight = node === undefined ? null : Number(node.latestHeight);
  const indexedHeight = cursor?.height ?? 0;
  const timeMs = node === undefined ? null : Number(node.latestTime / 1_000_000n);
  return {
    chainId: cursor?.chainId ?? node?.chainId ?? null,
    indexedHeight,
    indexedHash: cursor?.hash ?? null,
    indexedTimeMs: cursor?.timeMs ?? null,
    chainHeight,
    lagBlocks: chainHeight === null ? null : Math.max(0, chainHeight - indexedHeight),
    lagMs: timeMs === null || cursor === undefined ? null : Math.max(0, timeMs - cursor.timeMs),
    database: database.kind,
  };
}

async function readCursor(sql: Sql) {
  const [cursor] = await sql.select().from(chain.cursor);
  return cursor;
}
