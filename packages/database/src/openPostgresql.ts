/** A PostgreSQL server through node-postgres: a pool for queries, and one connection of its own for notifications. */
import { R3mesError } from "@r3mes/protocol";
import { drizzle } from "drizzle-orm/node-postgres";
import { migrate } from "drizzle-orm/node-postgres/migrator";
import pg from "pg";
import { createReadWatch } from "./createReadWatch.ts";
import type { Database, Sql } from "./database.ts";
import { migrations } from "./migrations.ts";

/** Number of the advisory lock that whoever migrates holds: "R3ME" in ASCII. */
const migrationLock = 0x52334d45;
const reconnectMs = 1_000;

export async function openPostgresql(url: string, connectionsMax: number): Promise<Database> {
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax });
  // An idle connection that the server drops is replaced by the pool at its next query.
  pool.on("error", () => undefined);
  try {
    await migrateAlone(pool);
  } catch (error) {
    await pool.end();
    const reason = error instanceof Error ? error.message || String(error) : String(error);
    throw new R3mesError(
      { code: "DATABASE_UNREACHABLE", host: hostOf(url), reason },
      { cause: error },
    );
  }
  const { logger, watch } = createReadWatch();
  return {
    kind: "postgresql",
    sql: drizzle(pool, { logger }) as unknown as Sql,
    listen: (channel, onNotification) => listen(url, channel, onNotification),
    watchReads: watch,
    close: () => pool.end(),
  };
}

/** Two processes may start at once; the second finds nothing left to do. */
async function migrateAlone(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock]);
    for (const migration of migrations) await migrate(drizzle(client), migration);
    await client.query("select pg_advisory_unlock($1)", [migrationLock]);
  } finally {
    client.release();
  }
}

async function listen(
  url: string,
  channel: string,
  onNotification: (payload: string) => void,
): Promise<() => Promise<void>> {
  let ended = false;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString: url });
    next.on("notification", ({ payload }) => onNotification(payload ?? ""));
    next.on("error", () => undefined);
    try {
      await next.connect();
      await next.query(`listen ${pg.escapeIdentifier(channel)}`);
    } catch (error) {
      await next.end();
      throw error;
    }
    // Only now: a connection that fails to open ends as well, and each failure would be tried again twice.
    next.once("end", reconnectLater);
    return next;
  }

  function reconnectLater(): void {
    if (!ended) setTimeout(reconnect, reconnectMs).unref();
  }

  function reconnect(): void {
    if (ended) return;
    connect().then((next) => {
      client = next;
      if (ended) void next.end();
      else onNotification("");
    }, reconnectLater);
  }

  return async () => {
    ended = true;
    await client.end();
  };
}

/** A URL holds a password; errors name the host alone. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : "an unreadable URL";
}
