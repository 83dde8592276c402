/**
 * Opens the database and brings its tables up to date: PGlite in a folder of this process by default, PostgreSQL by its URL.
 * Everything above it is the same for both. It must not let two processes open one folder: PGlite would corrupt it.
 */
import { R3mesError } from "@r3mes/protocol";
import type { Database } from "./database.ts";
import { lockFolder } from "./lockFolder.ts";

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
  if (options.folder === null) return openPglite(null);
  const unlock = await lockFolder(options.folder);
  try {
    const database = await openPglite(options.folder);
    return {
      ...database,
      async close() {
        await database.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    if (error instanceof R3mesError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new R3mesError(
      { code: "DATABASE_FAILED", database: options.folder, reason },
      { cause: error },
    );
  }
}
