/**
 * Opens the database and brings its tables up to date: PGlite in a folder of this process by default, PostgreSQL by its URL.
 * Everything above it is the same for both. It must not let two processes open one folder: PGlite would corrupt it.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { R3mesError } from "@r3mes/protocol";
import { acquireLock } from "@r3mes/service";
import type { Database } from "./database.ts";

export type DatabaseOptions =
  /** A folder that PGlite keeps its files in; null keeps everything in memory. */
  | { readonly folder: string | null }
  /** A PostgreSQL URL, 15 or later. */
  | { readonly url: string; readonly connectionsMax?: number };

/** Rejects with DATABASE_IN_USE, DATABASE_UNREACHABLE or DATABASE_FAILED. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if ("url" in options) {
    const { openPostgresql } = await import("./openPostgresql.ts");
    return openPostgresql(options.url, options.connectionsMax ?? 10);
  }
  const { openPglite } = await import("./openPglite.ts");
  const { folder } = options;
  if (folder === null) return openPglite(null);
  const unlock = lockFolder(folder);
  try {
    const database = await openPglite(folder);
    return {
      ...database,
      async close() {
        await database.close();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    const reason = error instanceof Error ? error.message : String(error);
    throw new R3mesError({ code: "DATABASE_FAILED", database: folder, reason }, { cause: error });
  }
}

/** Returns what gives the lock back. */
function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const refusal = (pid: number) => new R3mesError({ code: "DATABASE_IN_USE", folder, pid });
  return acquireLock(join(folder, "database.lock"), refusal);
}
