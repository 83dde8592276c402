/** The database as everything above it sees it, whichever server is behind it. */
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";

/** Queries and transactions in drizzle's terms, whichever server is behind them. */
export type Sql = PgDatabase<PgQueryResultHKT, Record<string, never>>;

export type Database = {
  readonly kind: "pglite" | "postgresql";
  readonly sql: Sql;
  /**
   * Calls back with the payload of every notification of a channel until the returned function is called. After a lost
   * connection it calls back with an empty payload: something may have been missed.
   */
  readonly listen: (
    channel: string,
    onNotification: (payload: string) => void,
  ) => Promise<() => Promise<void>>;
  /** Runs, and adds to `tables` the names of the chain's tables that statements in it read, however late. */
  readonly watchReads: (tables: Set<string>, run: () => void) => void;
  readonly close: () => Promise<void>;
};
