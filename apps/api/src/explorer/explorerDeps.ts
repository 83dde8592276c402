/** What the explorer's routes are given. Without a node or a store the routes that need one answer 503 and say so. */
import type { ChainRpc } from "@r3mes/chain-client";
import type { Database } from "@r3mes/database";
import type { ContentStore } from "@r3mes/storage";
import type { Access } from "../access/access.ts";

export type ExplorerDeps = {
  /** Counts reads; absent where nobody else can read. */
  readonly access?: Pick<Access, "read">;
  readonly database: Database;
  readonly rpc?: Pick<ChainRpc, "status" | "query">;
  readonly content?: Pick<ContentStore, "get" | "openFolder">;
};
