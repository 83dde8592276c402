/** PostgreSQL compiled to WebAssembly, in this process. It must be opened through `openDatabase`, which holds the folder's lock. */
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { drizzle } from "drizzle-orm/pglite";
import { migrate } from "drizzle-orm/pglite/migrator";
import { createReadWatch } from "./createReadWatch.ts";
import type { Database, Sql } from "./database.ts";
import { migrations } from "./migrations.ts";
import { prepareStatements } from "./prepareStatements.ts";

/** Null keeps everything in memory. */
export async function openPglite(folder: string | null): Promise<Database> {
  // A block that was lost in a power cut is read from the chain again, and accounts ask for their own durability.
  return openClient(
    await PGlite.create(folder === null ? {} : { dataDir: join(folder, "pglite") }),
  );
}

/** A PostgreSQL in this process as a database whose tables are up to date. */
export async function openClient(client: PGlite): Promise<Database> {
  const { logger, watch } = createReadWatch();
  const database = drizzle(client, { logger });
  for (const migration of migrations) await migrate(database, migration);
  // A statement that is prepared is planned once, for whatever values: planning costs several times what most of them do.
  await client.exec("set plan_cache_mode = force_generic_plan");
  // Only now: migrations change what statements mean.
  prepareStatements(client);
  return {
    kind: "pglite",
    sql: database as unknown as Sql,
    listen: (channel, onNotification) => client.listen(channel, onNotification),
    watchReads: watch,
    close: () => client.close(),
  };
}
